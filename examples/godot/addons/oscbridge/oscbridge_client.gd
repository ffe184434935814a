class_name OscbridgeClient
extends "res://addons/oscbridge/bridge.gd"
## The connection to oscbridge: add it to a scene, connect its signals. Godot 4.

## The computer that oscbridge runs on.
@export var host := "127.0.0.1"
## The port on which oscbridge listens.
@export_range(1, 65535) var port := 7770
## The port on which we listen; 0 is any free one, which never collides.
@export_range(0, 65535) var receive_port := 0


func _ready():
	process_mode = Node.PROCESS_MODE_ALWAYS
	open(host, port, receive_port)


func now_s():
	return Time.get_ticks_msec() / 1000.0
