"""Networks with the weights that others trained on ImageNet, and a photograph through them.

catalogue       which networks, where their weights lie, how each wants a photograph
preparation     a photograph cut, reduced and normalised as a network's library does it
cache           the folder of fetched files: where it is, and whether a file in it is whole
fetching        one file from its server into that folder, checked by its hash
fetches         all fetches of the process, each in a thread, looked at and stopped from anywhere
networks        a network built, and filled from its file
classifying     its five likeliest classes, and how long it takes
programs        the same as a PyTorch program
__main__        `python -m cnn.pretrained resnet50`: fetched beforehand, for a room without a network

Nothing here is imported by a page that does not need it, and nothing is fetched but on a press.
"""
