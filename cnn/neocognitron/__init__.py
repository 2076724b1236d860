"""The Neocognitron at work, as in 1980.

model       its planes and its learning without a teacher
retina      what it is shown: shapes, drawn, moved and pulled
record      its learning, step by step
score       how good it is, on fresh seeds and on handwriting
program     the same as a runnable program
"""
