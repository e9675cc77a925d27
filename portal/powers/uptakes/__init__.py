"""Uptakes (承接公布): what a place makes public of its receivers, points and choices of mode (D-10, D-11)."""
