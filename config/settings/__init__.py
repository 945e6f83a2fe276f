"""``base`` reads the environment, ``prod`` only tightens, ``test`` only speeds up. One file a topic."""
