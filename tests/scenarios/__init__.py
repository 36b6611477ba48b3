"""What people go through with Keihi, written as dialogues that run on every platform.

`script.py` is the language, the files named `dialogues_*.py` hold the dialogues, `stage.py` knows how each platform's
phone is held, `play.py` plays. A dialogue names buttons and sentences by their English text in the catalogue; on the
phone they are looked for in the person's own language.
"""
