// What oscbridge hears, in Processing: a disc on the plane of emotions, rings where the music turns.
// Needs the library oscP5 (Sketch, Import Library, Manage Libraries). Start `oscbridge demo`, then this.
// The mouse says how the player feels; a key asks for other music there.

import oscP5.*;
import netP5.*;

final int HERE = 12000;            // the port that we listen on
OscP5 osc;
NetAddress bridge = new NetAddress("127.0.0.1", 7770);

volatile float valence, arousal, confidence; // what the music expresses; -1..1, -1..1, 0..1
float shownValence, shownArousal;
volatile String label = "looking for oscbridge …";
volatile float ring = 0;            // 1 where a section begins, then fading
int asked = -60000;                 // ms: when we subscribed last

void setup() {
  size(480, 480);
  textSize(24);
  osc = new OscP5(this, HERE);
}

void draw() {
  if (millis() - asked > 20000) {   // a subscription holds for 60 s
    asked = millis();
    say("/oscbridge/subscribe", HERE);
  }
  shownValence += 0.1 * (valence - shownValence);
  shownArousal += 0.1 * (arousal - shownArousal);
  ring *= 0.95;

  background(36 + 30 * shownArousal, 36, 43 - 30 * shownValence);
  float x = map(shownValence, -1, 1, 0, width);
  float y = map(shownArousal, -1, 1, height, 0);
  noStroke();
  fill(230, 190 + 60 * shownValence, 120);
  circle(x, y, 30 + 100 * confidence);
  noFill();
  stroke(255, 255 * ring);
  circle(x, y, 400 * (1 - ring));
  fill(255);
  text(label, 20, 40);
}

// Called by oscP5 on a thread of its own: keep the values, draw them later.
void oscEvent(OscMessage message) {
  String address = message.addrPattern();
  String types = message.typetag();
  if (address.equals("/oscbridge/va") && types.equals("ff")) {
    valence = message.get(0).floatValue();
    arousal = message.get(1).floatValue();
  } else if (address.equals("/oscbridge/confidence") && types.equals("f")) {
    confidence = message.get(0).floatValue();
  } else if (address.equals("/oscbridge/quadrant/label") && types.equals("s")) {
    label = message.get(0).stringValue();
  } else if (address.equals("/oscbridge/segment/boundary") && types.equals("iif")) {
    ring = 1;
  } else if (address.equals("/oscbridge/request/go") && types.equals("issf")) {
    int id = message.get(0).intValue();
    println(message.get(1).stringValue() + " is asked for, " + message.get(2).stringValue());
    say("/oscbridge/in/request/ack", id, "started");   // change your music here
    say("/oscbridge/in/request/ack", id, "done");
  }
}

void mousePressed() {
  say("/oscbridge/in/affect/va", map(mouseX, 0, width, -1, 1), map(mouseY, 0, height, 1, -1));
}

void keyPressed() {
  say("/oscbridge/in/request/make", map(mouseX, 0, width, -1, 1), map(mouseY, 0, height, 1, -1));
}

void say(String address, Object... arguments) {
  OscMessage message = new OscMessage(address);
  for (Object argument : arguments) {
    if (argument instanceof Integer) {
      message.add(((Integer) argument).intValue());
    } else if (argument instanceof Float) {
      message.add(((Float) argument).floatValue());
    } else {
      message.add((String) argument);
    }
  }
  osc.send(message, bridge);
}
