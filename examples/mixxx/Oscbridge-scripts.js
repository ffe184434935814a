// What Mixxx does with what oscbridge says. Change the settings, not the functions.
/* global engine, print */

var Oscbridge = {};

Oscbridge.settings = {
    // Decks whose quick effect (the big filter knob) follows. Empty: none.
    decks: [1, 2],
    // What moves it: "valence", "arousal" or "intensity".
    source: "valence",
    // Where the knob stands at the lowest and at the highest value; 0.5 is the middle, no effect.
    // The range is narrow on purpose: a whole filter sweep is too much for a mood.
    low: 0.35,
    high: 0.65,
    // Wait until the value has passed the knob once, so that touching the knob yourself wins
    // until the music comes by. 0 switches that off.
    pickUpWithin: 0.1,
    // What happens where a new section begins: a group and a key that is pressed, or null.
    // ["[EffectRack1_EffectUnit1]", "group_[Channel1]_enable"] for example.
    onBoundary: null,
    // A request for other music fades to the next track of Auto DJ. Off, until you want it.
    fadeOnRequest: false,
};

// Where our own hand left the knob of each deck; undefined until the value has picked it up.
Oscbridge.left = {};
Oscbridge.quadrantNow = 0;

Oscbridge.init = function() {
    Oscbridge.left = {};
    Oscbridge.quadrantNow = 0;
};

Oscbridge.shutdown = function() {
    Oscbridge.settings.decks.forEach(function(deck) {
        if (Oscbridge.left[deck] !== undefined) {
            engine.setParameter(Oscbridge.quickEffect(deck), "super1", 0.5);
        }
    });
    Oscbridge.left = {};
};

Oscbridge.quickEffect = function(deck) {
    return "[QuickEffectRack1_[Channel" + deck + "]]";
};

// A MIDI value 0..127 as a place between low and high; 64 is exactly the middle.
Oscbridge.place = function(value) {
    var share = value >= 64 ? 0.5 + (value - 64) / 126 : value / 128;
    return Oscbridge.settings.low + share * (Oscbridge.settings.high - Oscbridge.settings.low);
};

Oscbridge.follow = function(source, value) {
    var settings = Oscbridge.settings;
    if (source !== settings.source) {
        return;
    }
    var place = Oscbridge.place(value);
    settings.decks.forEach(function(deck) {
        var group = Oscbridge.quickEffect(deck);
        var stands = engine.getParameter(group, "super1");
        var left = Oscbridge.left[deck];
        if (settings.pickUpWithin > 0 && (left === undefined || Math.abs(stands - left) > 0.01)) {
            // Somebody has turned the knob: leave it alone until the value comes by.
            if (Math.abs(stands - place) > settings.pickUpWithin) {
                Oscbridge.left[deck] = undefined;
                return;
            }
        }
        engine.setParameter(group, "super1", place);
        Oscbridge.left[deck] = engine.getParameter(group, "super1");
    });
};

Oscbridge.valence = function(channel, control, value, _status, _group) {
    Oscbridge.follow("valence", value);
};

Oscbridge.arousal = function(channel, control, value, _status, _group) {
    Oscbridge.follow("arousal", value);
};

Oscbridge.intensity = function(channel, control, value, _status, _group) {
    Oscbridge.follow("intensity", value);
};

Oscbridge.quadrant = function(channel, control, value, _status, _group) {
    if (value > 0) {
        Oscbridge.quadrantNow = control - 0x3B;
        print("oscbridge: quadrant " + Oscbridge.quadrantNow);
    }
};

Oscbridge.boundary = function(channel, control, value, _status, _group) {
    var target = Oscbridge.settings.onBoundary;
    if (value > 0 && target) {
        engine.setValue(target[0], target[1], 1);
    }
};

Oscbridge.request = function(channel, control, value, _status, _group) {
    if (value > 0 && Oscbridge.settings.fadeOnRequest) {
        engine.setValue("[AutoDJ]", "fade_now", 1);
    }
};
