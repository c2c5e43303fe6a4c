"""A generated catalog: as large as one likes, and like any other."""

from moclone_tui.api import Client, TableName
from moclone_tui.embedded import EmbeddedServer


def test_a_generated_catalog_has_what_was_asked_for() -> None:
    with (
        EmbeddedServer(["--empty", "--generated", "20,5"]) as server,
        Client() as client,
    ):
        client.connect(server.host, server.port, server.user, server.password)
        found = [each for each in client.metadata.databases() if not each.system]
        assert len(found) == 20
        assert [each.tables for each in found] == [5] * 20
        tables = client.metadata.tables(found[0].name)
        names = [TableName(each.name, each.database) for each in tables]
        assert len(set(client.metadata.count_rows(names).values())) > 1
        client.clone.clone_database("copy", found[0].name)
        assert len(client.metadata.tables("copy")) == 5
