"""数据接口: what is published, for programs, at `/api/v1/` (R-4; DOMAIN P-1, P-3, P-7).

Reads only what the pages read, through the same ways: a revision is a fact, and what holds at a place comes from
`portal.site.local`. Nothing is written, nothing personal is in it, no cookie is set. The description (OpenAPI 3.1) and
the page that explains it are made from the same declarations that read the parameters.
"""
