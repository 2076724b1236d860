"""Fetch weights beforehand, for a room without a network: `python -m cnn.pretrained resnet50 vgg16`"""

import sys

from cnn.pretrained import cache
from cnn.pretrained.catalogue import NETWORKS, PACKAGED, weights_file
from cnn.pretrained.fetching import FetchError, fetch, megabytes


def main(keys: list[str]) -> int:
    """Fetch each -> the exit status, 1 where one could not be had."""
    known = tuple(key for key in NETWORKS if key != PACKAGED)
    if not keys or not set(keys) <= set(known):
        print(f"usage: python -m cnn.pretrained NETWORK ...\nnetworks: {' '.join(known)}", file=sys.stderr)
        return 2
    status = 0
    for key in keys:
        file = weights_file(key)
        place = cache.kept(file)
        try:
            if not (place.exists() and cache.is_whole(place, file)):
                print(f"{file.address} ({megabytes(file.bytes)} MB)")
                fetch(file, cache.folder())
            print(place)
        except FetchError as problem:
            print(problem, file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
