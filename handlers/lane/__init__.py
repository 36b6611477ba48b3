"""The lane: clean claims that pass without an approver, and the draw by which some of them are looked at all the same.

``rules`` says which claims may take it, and is changed by two administrators together; ``conditions`` what is checked
of a claim; ``draw`` which of the clean ones a person looks at; ``decisions`` lets a claim pass or reopens it;
``verdicts`` follows what became of those looked at; ``report`` tells a month; ``proof`` reckons a month again.
"""
