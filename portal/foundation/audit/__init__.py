"""The record (操作记录): who did what, as what, when, from where, what stood before and after; nobody can change it.

Clauses: R-1 (personal data is masked in it), R-2 (everything anyone changes, exports or sees of personal data; shows
when it was tampered with; kept at least six months).

An entry (`Entry`) is written in the transaction of the change that it tells of: no record, no change. What sessions
write is captured by itself (`capturing`); who acts is known at the edge (`circumstances`); what changes no row, such as
a sign-in, a refusal or an export, is told by `service.record`. Entries form a chain of hashes (`chain`), whose head is
anchored outside the database (`anchoring`); `verifying` finds the first entry that is not as it was, `pruning` takes
away what is older than six months and leaves a sealed stump. The record names accounts by number and name, not by
import: this slice lies below everything that it tells of.
"""
