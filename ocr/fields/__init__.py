"""Rows of text to facts: one file a field. Each finds candidates, scores them and says what it rests on.

Amounts are the exception that proves itself: ``amounts`` reads every figure once, ``labels`` says what each is called,
and ``money`` chooses total, taxes, paid and change together, because arithmetic ties them.
"""
