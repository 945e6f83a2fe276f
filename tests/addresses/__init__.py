"""Tables of addresses x roles, a module a topic. A module has ``TABLE`` and, where its addresses name rows of their own or
its forms need more, ``add_rows(places, people)`` and ``form_of(name, rows)``.

The seats are at the bloc ``own`` and its first unit, the movement owner's at the unit that runs the movement.
``colleague`` is the second unit of that bloc, ``beside`` another bloc of the same year, ``foreign`` another authority.
What stands in the address: ``report`` is a draft, ``sent`` a report that was sent; ``(year)`` is posted.
"""

from importlib import import_module
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__")
TOPICS = [import_module(f"{__name__}.{name}") for name in NAMES]
TABLES = [topic.TABLE for topic in TOPICS]
