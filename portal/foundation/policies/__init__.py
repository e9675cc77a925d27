"""Policies (政策文件): the documents that everything rests on, clause by clause."""
