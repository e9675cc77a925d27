"""Second factors (第二验证): codes of an app that change every half minute, and codes on paper for when it is lost."""
