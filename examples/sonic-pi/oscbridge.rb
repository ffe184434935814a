# oscbridge in Sonic Pi 3.2 or newer. Paste into a buffer, press Run, then:
#   oscbridge demo --preset sonic-pi

use_real_time

# What the music expresses: valence and arousal -1..1, intensity 0..1.
set :valence, 0.0
set :arousal, 0.0
set :intensity, 0.5
set :label, "unknown"

live_loop :feeling do
  v, a = sync "/osc*/oscbridge/va"
  set :valence, v
  set :arousal, a
end

live_loop :knob do
  i = sync "/osc*/oscbridge/intensity"
  set :intensity, i[0]
end

live_loop :quadrant do
  _, label, _ = sync "/osc*/oscbridge/quadrant/enter"
  set :label, label
  puts "the music is #{label} now"
end

live_loop :section do
  id, age_ms, _ = sync "/osc*/oscbridge/segment/boundary"
  puts "section #{id} began #{age_ms} ms ago"
  sample :elec_plip
end

# oscbridge asks for other music: answer, start it at the next beat, and say when the fade is over.
set :fade, 4.0

live_loop :fade do
  beats = sync "/osc*/oscbridge/request/fade"
  set :fade, beats[0]
end

live_loop :request do
  id, label, quantise, _ = sync "/osc*/oscbridge/request/go"
  puts "#{label} is asked for, #{quantise}"
  osc_send "127.0.0.1", 7770, "/oscbridge/in/request/ack", id, "queued"
  sync :beat
  set :label, label
  osc_send "127.0.0.1", 7770, "/oscbridge/in/request/ack", id, "started"
  in_thread do
    sleep get(:fade)
    osc_send "127.0.0.1", 7770, "/oscbridge/in/request/ack", id, "done"
  end
end

# A small accompaniment to begin with: faster and brighter with arousal, major or minor with valence.
live_loop :play_along do
  cue :beat
  calm = get(:arousal) < 0
  scale_of_it = get(:valence) < 0 ? :minor_pentatonic : :major_pentatonic
  use_synth :pluck
  play scale(:c4, scale_of_it).choose, amp: 0.3 + 0.5 * get(:intensity), release: calm ? 1.5 : 0.3
  sleep calm ? 0.5 : 0.25
end
