# OSC 1.0 as bytes. The same text runs in Godot 3 and 4: no type annotation that one of them lacks.
#
# A message is [address, types, args]. Types are i, f and s, which is all that oscbridge says, and
# T and F, which others send. What is cut short, has another type, or holds NaN or infinity is
# malformed, and nothing is taken of it.

const MOST_BUNDLES = 8  # within one another


# Bytes of one message; `types` has a letter for each of `args`.
static func write(address, types, args):
	var out = StreamPeerBuffer.new()
	out.big_endian = true
	_put_text(out, address)
	_put_text(out, "," + types)
	for i in range(args.size()):
		match types[i]:
			"i":
				out.put_32(args[i])
			"f":
				out.put_float(args[i])
			"s":
				_put_text(out, args[i])
	return out.data_array


# Messages of a packet, in order; empty where it is malformed.
static func read(packet):
	var found = []
	var stream = StreamPeerBuffer.new()
	stream.big_endian = true
	stream.data_array = packet
	if _read_element(stream, packet, 0, packet.size(), 0, found):
		return found
	return []


static func _put_text(out, text):
	var coded = StreamPeerBuffer.new()
	coded.big_endian = true
	coded.put_utf8_string(text)  # after its length, in four bytes
	var size = coded.get_size() - 4
	if size > 0:
		coded.seek(4)
		out.put_data(coded.get_data(size)[1])
	for _pad in range(4 - size % 4):
		out.put_u8(0)


# Add the messages from `start` to `end`; false where they are malformed.
static func _read_element(stream, packet, start, end, depth, found):
	if start >= end or end % 4 != 0:
		return false
	if packet[start] == 47:  # a slash: an address
		var message = _read_message(stream, packet, start, end)
		if message == null:
			return false
		found.append(message)
		return true
	stream.seek(start)
	if end - start < 16 or depth == MOST_BUNDLES or not _is_bundle(packet, start):
		return false
	var place = start + 16  # the time tag is not obeyed: everything is for now
	while place < end:
		if end - place < 4:
			return false
		stream.seek(place)
		var size = stream.get_32()
		place += 4
		if size <= 0 or size > end - place:
			return false
		if not _read_element(stream, packet, place, place + size, depth + 1, found):
			return false
		place += size
	return true


static func _is_bundle(packet, start):
	var mark = [35, 98, 117, 110, 100, 108, 101, 0]  # "#bundle"
	for i in range(8):
		if packet[start + i] != mark[i]:
			return false
	return true


static func _read_message(stream, packet, start, end):
	var address_end = _end_of_text(packet, start, end)
	if address_end < 0:
		return null
	for i in range(start, address_end):
		if packet[i] < 33 or packet[i] > 126:
			return null
	stream.seek(start)
	var address = stream.get_utf8_string(address_end - start)
	start = _padded(address_end)
	if start >= end or packet[start] != 44:  # a comma: types
		return null
	var types_end = _end_of_text(packet, start, end)
	if types_end < 0:
		return null
	var types = ""
	var args = []
	var place = _padded(types_end)
	for i in range(start + 1, types_end):
		stream.seek(place)
		match packet[i]:
			105, 102:  # i, f
				if end - place < 4:
					return null
				args.append(stream.get_32() if packet[i] == 105 else stream.get_float())
				place += 4
			115:  # s
				var text_end = _end_of_text(packet, place, end)
				if text_end < 0:
					return null
				args.append(stream.get_utf8_string(text_end - place) if text_end > place else "")
				place = _padded(text_end)
			84, 70:  # T, F
				args.append(packet[i] == 84)
			_:
				return null
		if typeof(args.back()) == typeof(0.0) and (is_nan(args.back()) or is_inf(args.back())):
			return null
		types += _letter_of(packet[i])
	if place != end:
		return null
	return [address, types, args]


static func _letter_of(type):
	return {105: "i", 102: "f", 115: "s", 84: "T", 70: "F"}[type]


# Where the first zero after `start` is; -1 where there is none, or not room for its padding.
static func _end_of_text(packet, start, end):
	for i in range(start, end):
		if packet[i] == 0:
			return i if _padded(i) <= end else -1
	return -1


# The next multiple of four after a text that ends at `end`; starts are multiples of four.
static func _padded(end):
	return end + 4 - end % 4
