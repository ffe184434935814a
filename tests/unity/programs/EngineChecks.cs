using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using Oscbridge;
using Oscbridge.Checks;
using Oscbridge.Samples;
using UnityEngine;

/// <summary>A socket that plays oscbridge, within this process.</summary>
sealed class FakeBridge : IDisposable
{
    readonly Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly byte[] buffer = new byte[2048];
    readonly OscWriter writer = new OscWriter();
    int beats;

    public FakeBridge()
    {
        World.Reset();
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Blocking = false;
        Client = new GameObject("oscbridge").AddComponent<OscbridgeClient>();
        Client.enabled = false;
        Client.Port = ((IPEndPoint)socket.LocalEndPoint).Port;
        Client.enabled = true;
        socket.Connect(new IPEndPoint(IPAddress.Loopback, Client.Bridge.LocalPort));
    }

    public OscbridgeClient Client { get; private set; }

    public void Say(string name, float value)
    {
        Send(writer.Begin("/oscbridge", name, "f").Float(value));
    }

    public void Say(string name, float first, float second)
    {
        Send(writer.Begin("/oscbridge", name, "ff").Float(first).Float(second));
    }

    public void Enter(Quadrant quadrant, string label)
    {
        Send(writer.Begin("/oscbridge", "quadrant/enter", "isf").Int((int)quadrant).Text(label).Float(0.5f));
    }

    public void Boundary(int id, float strength)
    {
        Send(writer.Begin("/oscbridge", "segment/boundary", "iif").Int(id).Int(250).Float(strength));
    }

    public void Request(int id, float valence, float arousal)
    {
        Send(writer.Begin("/oscbridge", "request", "iffffssfffs").Int(id).Float(valence).Float(arousal)
            .Float(0.75f).Float(0.5f).Text("crossfade").Text("bar").Float(4f).Float(0f).Float(0f).Text("player"));
    }

    /// <summary>Frames of a sixtieth of a second, and a heartbeat every second.</summary>
    public void Run(double seconds)
    {
        for (var frame = 0; frame < seconds * 60.0; frame++)
        {
            if (frame % 60 == 0)
            {
                Send(writer.Begin("/oscbridge", "heartbeat", "ii").Int(beats++).Int(0));
            }
            World.Frame(1.0 / 60.0);
        }
    }

    /// <summary>Frames in which nothing is heard.</summary>
    public void Silence(double seconds)
    {
        for (var frame = 0; frame < seconds * 60.0; frame++)
        {
            World.Frame(1.0 / 60.0);
        }
    }

    /// <summary>Addresses that were heard since the last time.</summary>
    public List<string> Hear()
    {
        var heard = new List<string>();
        while (socket.Available > 0)
        {
            var length = socket.Receive(buffer);
            var end = Array.IndexOf(buffer, (byte)0, 0, length);
            heard.Add(System.Text.Encoding.ASCII.GetString(buffer, 0, end));
        }
        return heard;
    }

    public void Dispose()
    {
        World.Reset();
        socket.Close();
    }

    void Send(OscWriter message)
    {
        socket.Send(message.Data, message.Length, SocketFlags.None);
    }
}

public static class ControllerChecks
{
    const double Millisecond = 1e-3;

    static AdaptiveMusicController Music(float fadeBeats = 4f)
    {
        var music = new GameObject("music").AddComponent<AdaptiveMusicController>();
        music.BeatsPerMinute = 120f;
        music.FirstQuadrant = Quadrant.Relaxed;
        music.FadeBeats = fadeBeats;
        music.DwellSeconds = 0f;
        music.Sections = new[]
        {
            new MusicSection { Name = "calm", Quadrant = Quadrant.Relaxed, Clip = new AudioClip("calm", 8f) },
            new MusicSection { Name = "fight", Quadrant = Quadrant.Tense, Clip = new AudioClip("fight", 8f) },
        };
        music.Layers = new[]
        {
            new MusicLayer { Clip = new AudioClip("pad", 8f), Volumes = new QuadrantWeights(0f, 0f, 0f, 0f, 1f) },
            new MusicLayer { Clip = new AudioClip("drums", 8f), Volumes = new QuadrantWeights(0f, 0f, 1f, 0f, 0f) },
        };
        return music;
    }

    static AudioSource Playing(string clip)
    {
        return World.Sources.Find(source => source.clip.name == clip);
    }

    public static void TheFirstSectionAndAllLayersBeginOnTheSameSample()
    {
        using (var bridge = new FakeBridge())
        {
            Music();
            bridge.Run(0.1);
            Demand.Equal(3, World.Sources.Count, "sources");
            foreach (var source in World.Sources)
            {
                Demand.Near(Playing("calm").ScheduledStart, source.ScheduledStart, 0.0, source.clip.name);
                Demand.That(source.ScheduledStart > source.ScheduledAt, source.clip.name + " began in the past");
            }
            Demand.Near(1.0, Playing("calm").volume, 1e-6, "volume of the first section, before its start");
        }
    }

    public static void ASectionBeginsOnTheBarAndThePowerStaysEven()
    {
        using (var bridge = new FakeBridge())
        {
            var music = Music();
            bridge.Run(3.0);
            var first = Playing("calm").ScheduledStart;
            music.AskSection("fight");
            bridge.Run(3.0);
            var fight = Playing("fight");
            var bars = (fight.ScheduledStart - first) / 2.0;
            Demand.Near(Math.Round(bars) * 2.0, bars * 2.0, Millisecond, "start of the section after whole bars");
            Demand.Near(2.0, bars, Millisecond, "the next bar");
            Demand.Near(fight.ScheduledStart + 2.0, Playing("calm").ScheduledEnd, Millisecond, "end of the old");
            for (var frame = 0; frame < 120; frame++)
            {
                World.Frame(1.0 / 60.0);
                var power = 0.0;
                foreach (var source in World.Sources)
                {
                    var isSection = source.clip.name == "calm" || source.clip.name == "fight";
                    power += isSection && source.SoundsAt(AudioSettings.dspTime) ? Math.Pow(source.volume, 2.0) : 0.0;
                }
                Demand.Near(1.0, power, 1e-3, "power of frame " + frame);
            }
        }
    }

    public static void LayersCrossAtEqualPower()
    {
        using (var bridge = new FakeBridge())
        {
            var music = Music();
            bridge.Run(3.0);
            music.Ask(Quadrant.Tense);
            var fading = 0;
            for (var frame = 0; frame < 400; frame++)
            {
                World.Frame(1.0 / 60.0);
                var drums = Playing("drums").volume;
                Demand.Near(1.0, Math.Pow(Playing("pad").volume, 2.0) + Math.Pow(drums, 2.0), 1e-3, "power of frame " + frame);
                fading += drums > 0.001f && drums < 0.999f ? 1 : 0;
            }
            Demand.Near(120.0, fading, 6.0, "frames of a fade of four beats, which is two seconds");
            Demand.Near(1.0, Playing("drums").volume, 1e-3, "drums at the end");
        }
    }

    public static void ARequestOfOscbridgeIsAnsweredStepByStep()
    {
        using (var bridge = new FakeBridge())
        {
            Music();
            bridge.Run(2.0);
            bridge.Hear();
            bridge.Request(5, -0.6f, 0.7f);
            bridge.Run(6.0);
            var acks = bridge.Hear().FindAll(address => address == "/oscbridge/in/request/ack");
            Demand.Equal(3, acks.Count, "acknowledgements");
            Demand.That(Playing("fight") != null, "the section did not begin");
        }
    }

    public static void TheHostsBeatsAreTold()
    {
        using (var bridge = new FakeBridge())
        {
            Music();
            bridge.Run(0.5);
            bridge.Hear();
            bridge.Run(4.0);
            var beats = bridge.Hear().FindAll(address => address == "/oscbridge/in/transport/beat").Count;
            Demand.Near(8.0, beats, 1.0, "beats of four seconds at 120 BPM");
        }
    }

    public static void AnOscbridgeThatComesLaterIsToldWhatPlays()
    {
        using (var bridge = new FakeBridge())
        {
            var music = Music();
            bridge.Silence(2.0);
            bridge.Hear();
            bridge.Run(0.1);
            Demand.That(bridge.Hear().Contains("/oscbridge/in/transport/tempo"), "no tempo");
            music.enabled = false;
            Demand.That(bridge.Hear().Contains("/oscbridge/in/transport/playing"), "not told that it stopped");
        }
    }

    public static void HeardMusicLeadsAndDoesNotFlicker()
    {
        using (var bridge = new FakeBridge())
        {
            var music = Music();
            music.Lead = MusicLead.HeardMusic;
            music.DwellSeconds = 4f;
            var random = new System.Random(2);
            for (var frame = 0; frame < 3600; frame++)
            {
                bridge.Say("valence", (float)(random.NextDouble() - 0.5));
                bridge.Say("arousal", (float)(random.NextDouble() - 0.5));
                World.Frame(1.0 / 60.0);
            }
            var starts = World.Sources.FindAll(source => source.clip.name == "calm" || source.clip.name == "fight");
            Demand.That(starts.Count > 3, "it followed only " + starts.Count + " times");
            Demand.That(starts.Count < 60 / 4 + 2, "it changed " + starts.Count + " times in a minute");
        }
    }

    public static void AStingerSoundsOnTheBeatAndNotAgainTooSoon()
    {
        using (var bridge = new FakeBridge())
        {
            var music = Music();
            music.Stingers = new[]
            {
                new MusicStinger { Clip = new AudioClip("hit", 1f), Cause = StingerCause.SegmentBoundary, CooldownSeconds = 8f },
            };
            bridge.Run(2.0);
            for (var id = 1; id <= 10; id++)
            {
                bridge.Boundary(id, 0.5f);
                bridge.Run(1.0);
            }
            var hits = World.Sources.FindAll(source => source.clip.name == "hit");
            Demand.Equal(2, hits.Count, "stingers in ten seconds");
            var beats = (hits[0].ScheduledStart - Playing("calm").ScheduledStart) / 0.5;
            Demand.Near(Math.Round(beats), beats, Millisecond, "whole beats");
        }
    }

    public static void AfterAPauseTheBarsAreThoseOfTheClip()
    {
        using (var bridge = new FakeBridge())
        {
            var music = Music();
            bridge.Run(3.0);
            AudioListener.pause = true;
            bridge.Run(0.7);
            AudioListener.pause = false;
            foreach (var source in World.Sources)
            {
                source.Lag = 0.7;
            }
            bridge.Run(1.0);
            music.AskSection("fight");
            bridge.Run(4.0);
            var bars = (Playing("fight").ScheduledStart - Playing("calm").ScheduledStart - 0.7) / 2.0;
            Demand.Near(Math.Round(bars) * 2.0, bars * 2.0, 2.0 * World.AudioBlock, "whole bars of the clip");
        }
    }

    public static void OnAnotherSoundDeviceTheMusicGoesOn()
    {
        using (var bridge = new FakeBridge())
        {
            var music = Music();
            bridge.Run(3.0);
            music.AskSection("fight");
            bridge.Run(5.0);
            World.ChangeAudioDevice();
            bridge.Run(1.0);
            Demand.That(Playing("fight") != null && Playing("fight").SoundsAt(AudioSettings.dspTime), "the section is silent");
            Demand.Near(1.0, Playing("drums").volume, 1e-3, "drums");
            music.AskSection("calm");
            bridge.Run(3.0);
            Demand.That(Playing("calm") != null, "it follows no more");
        }
    }

    public static void LayersBlendOnWhileTheGameStandsStill()
    {
        using (var bridge = new FakeBridge())
        {
            var music = Music();
            music.Lead = MusicLead.HeardMusic;
            music.BlendLayers = true;
            bridge.Run(1.0);
            World.TimeScale = 0f;
            bridge.Say("valence", -1f);
            bridge.Say("arousal", 1f);
            bridge.Run(10.0);
            Demand.Near(1.0, Playing("drums").volume, 0.01, "drums, of tense music");
        }
    }

    public static void ADisabledControllerIsSilentAndAnEnabledOnePlaysAgain()
    {
        using (var bridge = new FakeBridge())
        {
            var music = Music();
            bridge.Run(1.0);
            music.enabled = false;
            Demand.That(!music.IsPlaying, "it plays");
            music.enabled = true;
            bridge.Run(1.0);
            Demand.That(music.IsPlaying, "it does not play again");
        }
    }
}

public static class InspectorChecks
{
    public static void WhatIsAddedToAListHasTheValuesOfItsClass()
    {
        using (new FakeBridge())
        {
            // As Unity's inspector makes the first elements of a list.
            var music = new GameObject("music").AddComponent<AdaptiveMusicController>();
            music.Sections = new[] { new MusicSection { Name = "", Volume = 0f } };
            music.Layers = new[] { new MusicLayer { Name = "", Volumes = new QuadrantWeights() } };
            music.Stingers = new[] { new MusicStinger { Name = "", CooldownSeconds = 0f, Volume = 0f } };
            World.Send(music, "OnValidate");
            Demand.Near(1.0, music.Sections[0].Volume, 0.0, "volume of a section");
            Demand.Near(1.0, music.Layers[0].Volumes.Tense, 0.0, "volume of a layer");
            Demand.Near(1.0, music.Stingers[0].Volume, 0.0, "volume of a stinger");
            var sender = new GameObject("sender").AddComponent<PlayerAffectSender>();
            sender.Events = new[] { new PlayerEvent { Name = "", Valence = 0f, Arousal = 0f, Seconds = 0f } };
            World.Send(sender, "OnValidate");
            Demand.Near(4.0, sender.Events[0].Seconds, 0.0, "length of an event");
        }
    }

    public static void WhereTheInputSystemAloneIsHeardItIsSaidThatButtonsAreNot()
    {
        Demand.Equal("", OverlayInput.Advice, "advice where buttons are heard");
        var path = System.IO.Path.Combine(AppDomain.CurrentDomain.BaseDirectory, "NewInput.dll");
        var type = System.Reflection.Assembly.LoadFrom(path).GetType("Oscbridge.OverlayInput", true);
        var advice = (string)type.GetProperty("Advice").GetValue(null, null);
        Demand.That(advice.Contains("Active Input Handling"), "advice where they are not: " + advice);
    }

    public static void WhatIsSetStays()
    {
        using (new FakeBridge())
        {
            var music = new GameObject("music").AddComponent<AdaptiveMusicController>();
            music.Sections = new[] { new MusicSection { Name = "silence", Volume = 0f } };
            World.Send(music, "OnValidate");
            Demand.Near(0.0, music.Sections[0].Volume, 0.0, "volume of a section that is silent on purpose");
        }
    }

    public static void ADrawerWritesOnlyWhatSomebodyMoves()
    {
        foreach (var name in new[] { "SignalSlotDrawer", "QuadrantWeightsDrawer" })
        {
            var type = System.Type.GetType("Oscbridge.Editor." + name + ", Oscbridge.Unity.Editor", true);
            var drawer = (UnityEditor.PropertyDrawer)Activator.CreateInstance(type, true);
            foreach (var isMoved in new[] { false, true })
            {
                var property = new UnityEditor.SerializedProperty();
                property.FindPropertyRelative("Signal").intValue = (int)Signal.Valence;
                UnityEditor.EditorGUI.IsMoved = isMoved;
                drawer.OnGUI(new Rect(), property, new GUIContent("label"));
                UnityEditor.EditorGUI.IsMoved = false;
                var writes = property.FindPropertyRelative("Signal").Writes - 1
                    + property.FindPropertyRelative("Tense").Writes;
                Demand.Equal(isMoved, writes > 0, name + " writes, " + (isMoved ? "moved" : "looked at"));
            }
        }
    }
}

public static class BindingChecks
{
    static AffectBinding Bind(FakeBridge bridge, Signal signal)
    {
        var binding = bridge.Client.gameObject.AddComponent<AffectBinding>();
        binding.Slot = new SignalSlot(signal);
        binding.SmoothingSeconds = 0f;
        return binding;
    }

    public static void TheSignalsRangeBecomesTheOutputs()
    {
        using (var bridge = new FakeBridge())
        {
            var binding = Bind(bridge, Signal.Valence);
            binding.OutputRange = new Vector2(10f, 20f);
            var heard = new List<float>();
            binding.ValueChanged.AddListener(heard.Add);
            bridge.Run(0.1);
            Demand.Equal(0, heard.Count, "values before the first signal");
            bridge.Say("valence", 0f);
            bridge.Run(0.1);
            bridge.Say("valence", 1f);
            bridge.Run(0.1);
            Demand.Equal(2, heard.Count, "values: one for each change");
            Demand.Near(15.0, heard[0], 1e-5, "the middle");
            Demand.Near(20.0, heard[1], 1e-5, "the end");
        }
    }

    public static void ALabelOfTheUsersOwnMovesWhatIsBoundToIt()
    {
        using (var bridge = new FakeBridge())
        {
            var binding = Bind(bridge, Signal.Valence);
            binding.OwnLabel = "fog";
            binding.OutputRange = new Vector2(10f, 20f);
            bridge.Say("valence", -1f);
            bridge.Run(0.1);
            Demand.Near(0.0, binding.Value, 0.0, "before the first weight");
            bridge.Say("label/fog", 0.5f);
            bridge.Run(0.1);
            Demand.Near(15.0, binding.Value, 1e-5, "half of it");
            Demand.Near(0.5, bridge.Client.Weight("fog"), 0.0, "weight");
        }
    }

    public static void SmoothingIsATimeConstant()
    {
        using (var bridge = new FakeBridge())
        {
            var binding = Bind(bridge, Signal.NormArousal);
            binding.SmoothingSeconds = 0.5f;
            bridge.Say("norm/arousal", 0f);
            bridge.Run(0.1);
            bridge.Say("norm/arousal", 1f);
            bridge.Run(0.5);
            Demand.Near(1.0 - Math.Exp(-1.0), binding.Value, 0.03, "after one time constant");
        }
    }

    public static void AnimatorsMaterialsMixersAndLightsAreMoved()
    {
        using (var bridge = new FakeBridge())
        {
            var scene = bridge.Client.gameObject;
            var animator = scene.AddComponent<Animator>();
            var renderer = scene.AddComponent<Renderer>();
            var light = scene.AddComponent<Light>();
            var mixer = new UnityEngine.Audio.AudioMixer();
            Bind(bridge, Signal.NormArousal).Move(animator, "Speed");
            Bind(bridge, Signal.NormArousal).Move(renderer, "_Metallic", false);
            Bind(bridge, Signal.NormArousal).Move(mixer, "Music", true);
            Bind(bridge, Signal.NormArousal).Move(light, false);
            bridge.Say("norm/arousal", 0.5f);
            bridge.Run(0.1);
            Demand.Near(0.5, animator.Floats[Animator.StringToHash("Speed")], 1e-6, "animator");
            Demand.Near(0.5, renderer.Block.Floats[Shader.PropertyToID("_Metallic")], 1e-6, "material");
            Demand.Near(-6.0206, mixer.Floats["Music"], 1e-3, "mixer, dB");
            Demand.Near(0.5, light.intensity, 1e-6, "light");
        }
    }
}

public static class ClientChecks
{
    public static void ManyValuesOfOneFrameAreOneChange()
    {
        using (var bridge = new FakeBridge())
        {
            var changes = new List<float>();
            bridge.Client.ValenceChanged += changes.Add;
            for (var i = 0; i < 20; i++)
            {
                bridge.Say("valence", i / 20f);
            }
            bridge.Run(0.1);
            Demand.Equal(1, changes.Count, "changes");
            Demand.Near(0.95, changes[0], 1e-6, "the newest");
        }
    }

    public static void ABoundaryThatComesTwiceIsOne()
    {
        using (var bridge = new FakeBridge())
        {
            var ids = new List<int>();
            bridge.Client.SegmentBoundary += boundary => ids.Add(boundary.Id);
            bridge.Boundary(1, 0.5f);
            bridge.Boundary(1, 0.5f);
            bridge.Boundary(2, 0.5f);
            bridge.Run(0.1);
            Demand.Equal(2, ids.Count, "boundaries");
        }
    }

    public static void SilenceIsExplainedOnceAndTheDoctorShowsIt()
    {
        using (var bridge = new FakeBridge())
        {
            var doctor = bridge.Client.gameObject.AddComponent<ConnectionDoctor>();
            bridge.Silence(10.0);
            Demand.Equal(1, World.Messages.Count, "warnings");
            Demand.That(World.Messages[0].Contains("no packet for 3 s"), World.Messages[0]);
            Demand.That(World.Messages[0].Contains("oscbridge demo"), World.Messages[0]);
            Demand.Equal(LinkHealth.Bad, doctor.Health, "health");
            GUILayout.Labels.Clear();
            World.Send(doctor, "OnGUI");
            Demand.That(GUILayout.Labels.Count >= 2, "the overlay says nothing");
        }
    }

    public static void TheDoctorSendsTestPatterns()
    {
        using (var bridge = new FakeBridge())
        {
            var doctor = bridge.Client.gameObject.AddComponent<ConnectionDoctor>();
            bridge.Hear();
            GUILayout.Pressed = "Sweep";
            World.Send(doctor, "OnGUI");
            GUILayout.Pressed = "";
            Demand.That(bridge.Hear().Contains("/oscbridge/in/test"), "no test pattern");
        }
    }

    public static void AConnectionThatWorksIsGood()
    {
        using (var bridge = new FakeBridge())
        {
            for (var frame = 0; frame < 120; frame++)
            {
                bridge.Say("valence", 0.5f);
                World.Frame(1.0 / 60.0);
            }
            var lines = new List<string>();
            Demand.Equal(LinkHealth.Good, bridge.Client.Explain(lines), "health");
            Demand.That(lines[0].StartsWith("60 packets a second from 127.0.0.1:"), lines[0]);
        }
    }

    public static void APortThatIsTakenIsSaidInASentence()
    {
        using (var bridge = new FakeBridge())
        {
            var second = new GameObject("second").AddComponent<OscbridgeClient>();
            second.enabled = false;
            second.Subscribe = false;
            second.ReceivePort = bridge.Client.Bridge.LocalPort;
            second.enabled = true;
            Demand.That(World.Messages.Exists(message => message.Contains("is taken by another")), string.Join(" ", World.Messages.ToArray()));
        }
    }

    public static void WithoutANetworkThePortIsNotBlamed()
    {
        using (var bridge = new FakeBridge())
        {
            bridge.Client.enabled = false;
            bridge.Client.Host = "255.255.255.255"; // which no socket may connect to
            bridge.Client.enabled = true;
            var lines = new List<string>();
            bridge.Client.Explain(lines);
            Demand.That(lines[0].Contains("255.255.255.255") && !lines[0].Contains("port 0"), lines[0]);
            Demand.That(!lines[1].Contains("Receive Port"), lines[1]);
        }
    }

    public static void WhereAClientGoesTheOneBeforeIsFoundAgain()
    {
        using (var bridge = new FakeBridge())
        {
            var second = new GameObject("second").AddComponent<OscbridgeClient>();
            Demand.That(ReferenceEquals(second, OscbridgeClient.Active), "not the newest");
            second.enabled = false;
            Demand.That(ReferenceEquals(bridge.Client, OscbridgeClient.Active), "not the one that is left");
            bridge.Client.enabled = false;
            Demand.That(ReferenceEquals(null, OscbridgeClient.Active), "one that is disabled");
        }
    }

    public static void AListenerMayDisableTheClient()
    {
        using (var bridge = new FakeBridge())
        {
            bridge.Client.SegmentBoundary += boundary => bridge.Client.enabled = false;
            bridge.Boundary(1, 0.5f);
            bridge.Silence(0.1);
            Demand.That(!bridge.Client.enabled && bridge.Client.Bridge == null, "it runs");
        }
    }

    public static void AFoldedDoctorCostsNothing()
    {
        using (var bridge = new FakeBridge())
        {
            var doctor = bridge.Client.gameObject.AddComponent<ConnectionDoctor>();
            bridge.Run(0.1);
            Demand.That(bridge.Client.Bridge.NamesSender, "it does not find out who sends");
            doctor.Unfolded = false;
            bridge.Run(0.1);
            Demand.That(!bridge.Client.Bridge.NamesSender, "it still finds out who sends");
        }
    }

    public static void AHostThatIsNoAddressIsSaidInASentence()
    {
        using (var bridge = new FakeBridge())
        {
            bridge.Client.enabled = false;
            bridge.Client.Host = "my-computer";
            bridge.Client.enabled = true;
            Demand.That(World.Messages.Exists(message => message.Contains("is no IPv4 address")), "not a word");
            bridge.Run(0.1);
        }
    }

    public static void AfterASleepTheSocketIsOpenedAnewOnItsPort()
    {
        using (var bridge = new FakeBridge())
        {
            bridge.Run(1.0);
            var port = bridge.Client.Bridge.LocalPort;
            World.Pause(bridge.Client, true);
            bridge.Hear();
            World.Pause(bridge.Client, false);
            Demand.Equal(port, bridge.Client.Bridge.LocalPort, "port");
            Demand.That(bridge.Hear().Contains("/oscbridge/subscribe"), "no subscription");
            bridge.Say("valence", 0.5f);
            bridge.Run(0.1);
            Demand.Near(0.5, bridge.Client.State.Valence, 0.0, "valence heard afterwards");
        }
    }

    public static void AListenerThatThrowsDoesNotCostTheSubscription()
    {
        using (var bridge = new FakeBridge())
        {
            bridge.Client.SegmentBoundary += boundary => { throw new InvalidOperationException("a user's mistake"); };
            var thrown = 0;
            for (var frame = 0; frame < 1800; frame++)
            {
                bridge.Boundary(frame, 0.5f);
                try
                {
                    World.Frame(1.0 / 60.0);
                }
                catch (InvalidOperationException)
                {
                    thrown++; // Unity logs it and goes on with the next frame.
                }
            }
            Demand.Equal(1800, thrown, "throws");
            Demand.That(bridge.Hear().FindAll(address => address == "/oscbridge/ping").Count >= 3, "no pings");
        }
    }

    public static void TheGizmoDrawsThePoint()
    {
        using (var bridge = new FakeBridge())
        {
            bridge.Say("valence", 0.5f);
            bridge.Say("arousal", -0.5f);
            bridge.Run(0.1);
            var gizmo = bridge.Client.gameObject.AddComponent<AffectPlaneGizmo>();
            Gizmos.Spheres.Clear();
            World.Send(gizmo, "OnDrawGizmos");
            Demand.Near(0.5, Gizmos.Spheres[0].x, 1e-6, "x");
            Demand.Near(-0.5, Gizmos.Spheres[0].y, 1e-6, "y");
        }
    }
}

public static class SenderChecks
{
    static PlayerAffectSender Sender(FakeBridge bridge)
    {
        var sender = bridge.Client.gameObject.AddComponent<PlayerAffectSender>();
        sender.Events = new[] { new PlayerEvent { Name = "hit", Valence = -0.5f, Arousal = 1f, Seconds = 2f } };
        return sender;
    }

    static int Said(FakeBridge bridge)
    {
        return bridge.Hear().FindAll(address => address == "/oscbridge/in/affect/va").Count;
    }

    public static void WhatChangesIsSaidTenTimesASecondAtMost()
    {
        using (var bridge = new FakeBridge())
        {
            var sender = Sender(bridge);
            bridge.Run(1.0);
            bridge.Hear();
            sender.Tell("hit");
            bridge.Run(1.0);
            var said = Said(bridge);
            Demand.That(said >= 8 && said <= 10, said + " messages in the second after a blow");
        }
    }

    public static void WhatDoesNotChangeIsSaidOftenEnoughToBeRemembered()
    {
        using (var bridge = new FakeBridge())
        {
            Sender(bridge);
            bridge.Run(5.0);
            bridge.Hear();
            bridge.Run(10.0);
            var said = Said(bridge);
            Demand.That(said >= 9 && said <= 11, said + " messages in ten quiet seconds");
        }
    }

    public static void BusyHandsAreHeard()
    {
        using (var bridge = new FakeBridge())
        {
            var sender = Sender(bridge);
            for (var press = 0; press < 100; press++)
            {
                sender.Press();
                bridge.Run(0.1);
            }
            Demand.That(sender.Arousal > 0.9f, "arousal of ten presses a second: " + sender.Arousal);
        }
    }

    public static void AnUnknownEventIsSaidInASentence()
    {
        using (var bridge = new FakeBridge())
        {
            Sender(bridge).Tell("hti");
            Demand.That(World.Messages.Exists(message => message.Contains("\"hti\"")), "not a word");
        }
    }

    public static void WhoGoesIsForgotten()
    {
        using (var bridge = new FakeBridge())
        {
            var sender = Sender(bridge);
            bridge.Run(1.0);
            bridge.Hear();
            sender.enabled = false;
            Demand.That(bridge.Hear().Contains("/oscbridge/in/affect/clear"), "not forgotten");
        }
    }
}

public static class AdapterChecks
{
    public static void FmodIsTold()
    {
        using (var bridge = new FakeBridge())
        {
            bridge.Client.gameObject.AddComponent<FmodAdapter>();
            bridge.Run(0.1);
            Told.Lines.Clear();
            bridge.Say("valence", -0.5f);
            bridge.Say("intensity", 0.25f);
            bridge.Enter(Quadrant.Sad, "traurig");
            bridge.Run(0.1);
            Demand.That(Told.Lines.Contains("fmod Valence -0.5"), "valence");
            Demand.That(Told.Lines.Contains("fmod Intensity 0.25"), "intensity");
            Demand.That(Told.Lines.Contains("fmod Mood traurig"), "label");
        }
    }

    public static void WwiseIsToldWhatChanges()
    {
        using (var bridge = new FakeBridge())
        {
            bridge.Client.gameObject.AddComponent<WwiseAdapter>();
            bridge.Run(0.1);
            Told.Lines.Clear();
            bridge.Say("valence", -0.5f);
            bridge.Enter(Quadrant.Sad, "traurig");
            bridge.Run(1.0);
            Demand.Equal(1, Told.Lines.FindAll(line => line == "wwise Valence 25").Count, "valence");
            Demand.That(Told.Lines.Contains("wwise Music_State traurig"), "state");
        }
    }
}

public static class SampleChecks
{
    static int Cubes()
    {
        return World.Objects.FindAll(made => made.name == "Cube" && made.activeSelf).Count;
    }

    public static void TheRoomTakesTheMusicsColour()
    {
        using (var bridge = new FakeBridge())
        {
            new GameObject("room").AddComponent<RoomSample>();
            bridge.Run(0.1);
            bridge.Say("valence", 1f);
            bridge.Say("intensity", 1f);
            bridge.Run(3.0);
            Demand.Near(1.6, World.Objects.Find(made => made.name == "Sphere").transform.localScale.x, 0.01, "the sphere");
        }
    }

    public static void EnemiesComeAtBoundaries()
    {
        using (var bridge = new FakeBridge())
        {
            var spawner = new GameObject("spawner").AddComponent<SpawnerSample>();
            bridge.Run(0.1);
            var before = Cubes();
            bridge.Boundary(1, 1f);
            bridge.Run(0.1);
            Demand.Equal(8, Cubes() - before, "enemies");
            bridge.Run(10.0);
            Demand.Equal(0, Cubes() - before, "enemies that did not arrive");
            World.Send(spawner, "OnDestroy");
        }
    }

    public static void CombatAndExplorePlaysAndFollows()
    {
        using (var bridge = new FakeBridge())
        {
            new GameObject("game").AddComponent<CombatAndExploreSample>();
            bridge.Run(1.0);
            Demand.Equal(3, World.Sources.Count, "a section and two layers");
            bridge.Request(1, -0.6f, 0.7f);
            bridge.Run(3.0);
            Demand.That(World.Sources.Exists(source => source.clip.name == "oscbridge/combat"), "no combat");
        }
    }

    public static void ThePerformersButtonsSpeak()
    {
        using (var bridge = new FakeBridge())
        {
            var performer = new GameObject("performer").AddComponent<PerformerSample>();
            bridge.Run(0.1);
            bridge.Hear();
            foreach (var button in new[] { "I feel sad", "force tense", "new section", "hold everything" })
            {
                GUILayout.Pressed = button;
                World.Send(performer, "OnGUI");
            }
            GUILayout.Pressed = "";
            Demand.Equal(
                "/oscbridge/in/affect/emotion /oscbridge/in/override /oscbridge/in/segment/mark /oscbridge/in/freeze",
                string.Join(" ", bridge.Hear().ToArray()), "what they said");
        }
    }
}
