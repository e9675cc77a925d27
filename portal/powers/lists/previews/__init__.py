"""Previews (预览链接): a private address that shows a list's working copy as the public would see it (P-1)."""
