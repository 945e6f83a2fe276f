import rules

from blocs.enums import Role
from blocs.models import BlocYear
from blocs.rules import is_board_staff, keeps_authority, sees_province, year_is_open


@rules.predicate
def owns_movement(user, movement):
    """False for a ``Year``: it has no owner, so what is asked of it is the board's alone."""
    owner = getattr(movement, "owner", None)
    return owner is not None and user.seats.having(Role.MOVEMENT_OWNER).filter(unit=owner.unit_id).exists()


@rules.predicate
def takes_part_in_the_year(user, movement):
    return BlocYear.objects.visible_to(user).filter(year=movement.year_id).exists()


rules.add_perm(
    "movements.view_movement",
    (year_is_open | keeps_authority) & (sees_province | takes_part_in_the_year | owns_movement),
)
rules.add_perm("movements.edit_movement", owns_movement | is_board_staff)
rules.add_perm("movements.edit_results", owns_movement | is_board_staff)
