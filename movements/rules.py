import rules

from blocs.enums import Role
from blocs.models import BlocYear
from blocs.rules import is_board_staff, sees_province


@rules.predicate
def owns_movement(user, movement):
    if movement.owner is None:
        return False
    return user.seats.having(Role.MOVEMENT_OWNER).filter(unit=movement.owner.unit_id).exists()


@rules.predicate
def takes_part_in_the_year(user, movement):
    return BlocYear.objects.visible_to(user).filter(year=movement.year_id).exists()


rules.add_perm("movements.view_movement", sees_province | takes_part_in_the_year | owns_movement)
rules.add_perm("movements.edit_results", owns_movement | is_board_staff)
