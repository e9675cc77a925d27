"""Whether a difference fits what it is put forward as: an adjustment or an erratum."""

from __future__ import annotations

from portal.errors import Refused
from portal.foundation.publishing.placing import Standing
from portal.foundation.publishing.registry import Difference
from portal.foundation.publishing.rules import Nature


def check(nature: Nature, difference: Difference, standing: Standing, *, only_words: bool) -> None:
    """An erratum changes words alone; an adjustment says why and on what basis (P-5). Refused otherwise.

    An older state that is entered now adjusts nothing: why it differs from the one before is for its document to say.
    """
    if nature is Nature.ERRATUM and not (only_words and standing.corrects):
        raise Refused("勘误只能改文字，不能改事项、办法、部门和适用范围。这次请按调整送审。", code="words")
    if nature is Nature.ADJUSTMENT and standing.rank is None and difference.unexplained:
        raise Refused(
            "还有 %(count)s 项改动没有写理由和依据，请在“这次改了什么”里写上，再送审。",
            code="reasons",
            count=difference.unexplained,
        )
