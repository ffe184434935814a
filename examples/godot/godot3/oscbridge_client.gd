extends "res://addons/oscbridge/bridge.gd"
# The connection to oscbridge: add it to a scene, connect its signals. Godot 3.
class_name OscbridgeClient

export var host = "127.0.0.1"
export(int, 1, 65535) var port = 7770
export(int, 0, 65535) var receive_port = 0  # 0 is any free one


func _ready():
	pause_mode = Node.PAUSE_MODE_PROCESS
	open(host, port, receive_port)


func now_s():
	return OS.get_ticks_msec() / 1000.0
