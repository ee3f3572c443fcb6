"""`make bench`: a world of its own, made by SQL, and what reading through the door costs in it.

- `owner`: a connection that may make tables, and bulk loading without indexes.
- `register`: agencies, officers, agreements and who is bound by them, in the skew of real treaty networks.
- `records`: records and releases.
- `stock`: the same rows in django-guardian's own tables, generic and with direct keys, to compare with.
- `measure`: seven readers, each measured against the unfiltered page of the same run.
- `table`: one table of milliseconds and ratios, and the growth from one size to the next.
"""
