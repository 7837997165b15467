"""Assistants that post what was said and read the answer in the response: three shapes of the same turn.

`openai`          /v1/chat/completions, for what speaks only that
`ollama`          /api/chat, which Home Assistant's core speaks
`home_assistant`  the integration "webhook-conversation"
"""

from sayso.channels.assistants.home_assistant import HomeAssistant
from sayso.channels.assistants.ollama_api import Ollama
from sayso.channels.assistants.openai_api import OpenAi
from sayso.channels.contract import Responding

__all__ = ["home_assistant", "ollama", "openai"]

openai: Responding = OpenAi()
ollama: Responding = Ollama()
home_assistant: Responding = HomeAssistant()
