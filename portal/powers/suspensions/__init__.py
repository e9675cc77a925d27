"""Suspensions (紧急停办): a matter that an approver stops at once, until an adjustment settles it (P-3, P-5)."""
