"""关联数据: a matter in the words of other catalogues: the EU's CPSV-AP 3.2 and schema.org, as JSON-LD."""
