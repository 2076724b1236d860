"""A line of handwritten digits, read: the ZIP code on an envelope, the amount on a cheque.

pieces          ink that hangs together
cuts            where it may be cut
segmentation    which of the cuts are made: the digits
reading         what a network says of them, and when it had better say nothing
writing         lines to read, made of test digits
line_image      the line of a photograph; photographed makes such photographs
measured        how well all that is read; measuring is what `python -m cnn.envelope` does
program         the same as a program
"""
