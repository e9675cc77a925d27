"""A list's working copy as the public would see it, at a private address that expires (预览链接)."""
