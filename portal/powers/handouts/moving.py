"""Papers made for a place stay what they were."""

from portal.i18n import mark

STAYING = {"handouts.place_id": mark("已公布的版本不变")}
