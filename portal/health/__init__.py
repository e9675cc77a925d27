"""Whether the portal is well: figures of what waits, alarms in plain words, and three addresses for machines.

`queueserver` and `figures` look, `alarms` says what a person must do, `metrics` says the same to Prometheus, `door`
holds /healthz, /readyz and /metrics. docs/adr/0020 says why; docs/operations.md which alarms to set.
"""
