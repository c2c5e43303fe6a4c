"""mo_catalog: accounts, users, roles and rights."""

from collections.abc import Iterable

from moclone_tui.demo.accounts import PRIVILEGES, Account, Grant
from moclone_tui.demo.clock import to_seconds_text
from moclone_tui.demo.model import Row
from moclone_tui.demo.system.table import SystemTable, View, columns


def _account(view: View) -> Account:
    return view.session.account


def _accounts(view: View) -> Iterable[Row]:
    for a in view.session.state.accounts:
        made = to_seconds_text(a.created)
        yield (a.id, a.name, a.admin, a.status, made, a.comments, 1, None, "4.2.0")


def _users(view: View) -> Iterable[Row]:
    account = _account(view)
    for u in account.users.values():
        made = to_seconds_text(u.created)
        role = account.roles.get(u.default_role)
        yield (
            u.id, "localhost", u.name, u.password_hash, "unlock", made, None, made, "",
            0, None, "PASSWORD", 0, 0, role.id if role else 1,
        )  # fmt: skip


def _roles(view: View) -> Iterable[Row]:
    for r in _account(view).roles.values():
        yield (r.id, r.name, 0, 0, to_seconds_text(r.created), "")


def _user_roles(view: View) -> Iterable[Row]:
    account = _account(view)
    for user in account.users.values():
        for name, handed_on in user.roles.items():
            role = account.roles[name]
            made = to_seconds_text(role.created)
            yield (role.id, user.id, made, int(handed_on))


def _role_roles(view: View) -> Iterable[Row]:
    account = _account(view)
    for role in account.roles.values():
        for name in sorted(role.inherited):
            granted, made = account.roles[name], to_seconds_text(role.created)
            yield (granted.id, role.id, 0, 0, made, 0)


def _role_rights(view: View) -> Iterable[Row]:
    for role in _account(view).roles.values():
        for g in sorted(role.grants, key=str):
            yield (
                role.id, role.name, g.object_type, g.object_id,
                PRIVILEGES[g.privilege], g.privilege, level(g), 0,
                to_seconds_text(g.granted), int(g.with_option),
            )  # fmt: skip


def level(grant: Grant) -> str:
    """Which objects a right covers, in the server's shorthand."""
    if grant.object_type == "account":
        return "*"
    if grant.object_type == "database":
        return "*" if grant.database == "*" else "d"
    if grant.database == "*":
        return "*.*"
    return "d.*" if grant.table == "*" else "d.t"


PEOPLE: dict[str, SystemTable] = {
    "mo_account": SystemTable(
        columns(
            "account_id:i account_name admin_name status created_time:at comments "
            "version:n suspended_time:at create_version"
        ),
        _accounts,
        sys_only=True,
    ),
    "mo_user": SystemTable(
        columns(
            "user_id:i user_host user_name authentication_string status "
            "created_time:at expired_time:at password_last_changed:at "
            "password_history:t login_attempts:i lock_time:at login_type creator:i "
            "owner:i default_role:i"
        ),
        _users,
    ),
    "mo_role": SystemTable(
        columns("role_id:i role_name creator:i owner:i created_time:at comments:t"),
        _roles,
    ),
    "mo_user_grant": SystemTable(
        columns("role_id:i user_id:i granted_time:at with_grant_option:y"),
        _user_roles,
    ),
    "mo_role_grant": SystemTable(
        columns(
            "granted_id:i grantee_id:i operation_role_id:i operation_user_id:i "
            "granted_time:at with_grant_option:y"
        ),
        _role_roles,
    ),
    "mo_role_privs": SystemTable(
        columns(
            "role_id:i role_name obj_type obj_id:n privilege_id:i privilege_name "
            "privilege_level operation_user_id:i granted_time:at with_grant_option:y"
        ),
        _role_rights,
    ),
}
