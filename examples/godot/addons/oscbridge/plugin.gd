@tool
extends EditorPlugin
# Nothing to do: OscbridgeClient and OscbridgeMusic are in "Create New Node" by their class names.
