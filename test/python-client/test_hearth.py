"""An independent client, with checks of its own, speaks to hearth: pytest-lsp refuses answers that its client could not use."""

import os
import sys

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

COMMAND = [os.environ["HEARTH_NODE"], os.environ["HEARTH_MAIN"]]
URI = "file:///w/app.py"
TEXT = "def total(items):\n    return sum(items)\n\n\ndef mean(items):\n    return tot\n"


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=COMMAND),
    params=["neovim@v0.11.0", "emacs@v29.1", "visual_studio_code@v1.65.2"],
)
async def client(request, lsp_client: LanguageClient):
    # The capabilities are those of an editor that lets servers register; the client leaves the answer to its user.
    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def _registered(_params: types.RegistrationParams) -> None:
        return None

    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=client_capabilities(request.param), workspace_folders=None)
    )
    yield
    await lsp_client.shutdown_session()


def open_document(lsp_client: LanguageClient, text: str) -> None:
    lsp_client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            text_document=types.TextDocumentItem(uri=URI, language_id="python", version=1, text=text)
        )
    )


@pytest.mark.asyncio
async def test_completion_knows_the_names_of_the_document(client: LanguageClient):
    open_document(client, TEXT)
    result = await client.text_document_completion_async(
        types.CompletionParams(
            text_document=types.TextDocumentIdentifier(uri=URI), position=types.Position(line=5, character=14)
        )
    )
    items = result.items if isinstance(result, types.CompletionList) else result
    assert "total" in [item.label for item in items]


@pytest.mark.asyncio
async def test_outline(client: LanguageClient):
    open_document(client, TEXT)
    symbols = await client.text_document_document_symbol_async(
        types.DocumentSymbolParams(text_document=types.TextDocumentIdentifier(uri=URI))
    )
    assert [symbol.name for symbol in symbols] == ["total", "mean"]


@pytest.mark.asyncio
async def test_findings_arrive_by_push_or_by_pull(client: LanguageClient):
    open_document(client, "def one(:\n    pass\n")
    if client.capabilities.text_document.diagnostic is not None:
        report = await client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(text_document=types.TextDocumentIdentifier(uri=URI))
        )
        found = report.items
        assert URI not in client.diagnostics
    else:
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        found = client.diagnostics[URI]
    assert len(found) == 1 and "`)`" in found[0].message


if __name__ == "__main__":
    sys.exit(pytest.main([__file__]))
