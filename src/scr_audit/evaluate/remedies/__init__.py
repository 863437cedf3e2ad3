"""The smallest change of facts that would have made a finding met.

The idea, from back to front: a set of changes is only offered after it was laid over the record
(`candidates.patch_record`) and the unit judged again (`search`). What is tried comes from two
questions. Which facts could be changed at all? The trace of the judgement has the answer of every
line, so that a line which is wrong needs one of its facts changed, one that is unknown all that are
missing, and what combines lines combines these candidates (`finder`, `candidates`). And to which
values? Those at which the lines that read a fact change their answer (`values`). Words come last
(`search.sentence`).

The cost: candidates are products over criteria and lists, so that of those with several facts only
the eight smallest are kept at every step; candidates with one fact are never dropped, so that a
remedy with one fact is found where there is one. At most 200 times is a unit judged again, and
then the search is given up. So there may be none, which is better than a wrong one. About a third
of a millisecond to a millisecond a finding, and only for findings whose remedy is asked for.
"""
