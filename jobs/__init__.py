"""The background door: jobs are shims that take ids and call one service.

runs            carries out background work by its kind
notifications   sends what is due
sweep           finds what the doorbell missed
schedule        what is rung for by the clock, as data
worker          how a worker is started
commands        the same for people, on the command line
"""
