"""Whatever is asked, within the description or beside it: no fault, the described forms and statuses."""

from __future__ import annotations

import hypothesis
import pytest
import schemathesis
from hypothesis import given
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance

from portal.api.operations import OPERATIONS

EXAMPLES = 8
"""Requests that are made up for an operation in each mode."""


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_it_does_what_the_description_says(app, client, power_list, limited, mode):
    limited(1_000_000)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for operation in OPERATIONS.values():
        cases = schema[operation.path]["GET"].as_strategy(generation_mode=mode)

        @given(case=cases)
        @hypothesis.settings(max_examples=EXAMPLES, derandomize=True)
        def ask(case):
            # That a cursor is one of ours, and that a revision's number comes with its list, no schema can say.
            bound = {"cursor", "revision", "since_revision"} & set(case.query or {})
            case.call_and_validate(excluded_checks=[positive_data_acceptance] if bound else [])

        ask()
