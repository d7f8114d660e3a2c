"""Optimisers: a problem in, a proposal out, with its explanation. A person decides.

Pure like `rules`: no clock, no chance, no disk. OR-Tools and numpy come with the extra `plan`;
`extra.missing()` says whether they are there. Types can be imported without them.
"""
