"""The ground floor: places, bodies, people, files, runs, notices and the one way of publishing."""
