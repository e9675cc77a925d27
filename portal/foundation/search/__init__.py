"""Search (查找): tokens and index. Other slices hand in their rows and ask for them again by what people type.

What a row is found by is cut into tokens (`rules`), kept with the row, and indexed by FTS5 on SQLite and by GIN on
PostgreSQL. A query (`asking`) becomes an AND of tokens that finds every row it could mean; each row is then checked
by its own text, so that both databases give the same answers in the same order, name first.

Words: scope, all rows of one published state; row, what one record is found by; token, the smallest thing looked up;
block, rows that stand together; level, how good a hit is. Why so: ADR 0012.
"""
