using System;
using System.Globalization;
using System.Threading;
using Oscbridge;
using UnityEngine;

/// <summary>
/// A game that listens: an OscbridgeClient in the player loop of the stub. Prints one line for each
/// signal ("signal NAME value …"), for each event ("event NAME value …"), and for each change of the
/// connection; answers commands on standard input; ends with it. Seconds may pass faster than in
/// real life (--speed).
/// </summary>
static class Peer
{
    static readonly object turn = new object();
    static OscbridgeClient client;
    static AdaptiveMusicController music;
    static PlayerAffectSender player;
    static double speed = 1.0;
    static bool isOver;

    static int Main(string[] arguments)
    {
        var host = new GameObject("game");
        client = host.AddComponent<OscbridgeClient>();
        client.enabled = false;
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--port":
                    client.Port = int.Parse(arguments[++i]);
                    break;
                case "--receive":
                    client.ReceivePort = int.Parse(arguments[++i]);
                    client.Subscribe = false;
                    break;
                case "--stream":
                    client.Stream = arguments[++i];
                    break;
                case "--speed":
                    speed = double.Parse(arguments[++i], CultureInfo.InvariantCulture);
                    break;
                case "--music":
                    AddMusic(host);
                    break;
                default:
                    Console.Error.WriteLine("unknown: " + arguments[i]);
                    return 2;
            }
        }
        client.MusicRequested += request => Say("event request", request.Id, request.Valence, request.Arousal,
            request.Transition, request.Quantise, request.FadeBeats, request.HoldSeconds, request.Reason, request.Label);
        client.RequestCancelled += id => Say("event cancelled", id);
        client.QuadrantEntered += entry => Say("event quadrant", (int)entry.Quadrant, entry.Label, entry.Confidence);
        client.SegmentBoundary += boundary => Say("event boundary", boundary.Id, boundary.AgeSeconds, boundary.Strength);
        client.StatusChanged += status => Say("status", status.Link, status.State, status.Detail);
        client.enabled = true;
        client.Bridge.Events.SignalHeard += PrintSignal;
        Say("ready", client.Bridge.LocalPort, client.Bridge.Trouble);
        new Thread(ReadCommands) { IsBackground = true }.Start();
        Run();
        client.enabled = false;
        return 0;
    }

    static void Run()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var before = 0.0;
        while (!isOver)
        {
            var now = watch.Elapsed.TotalSeconds;
            lock (turn)
            {
                World.Frame((now - before) * speed);
                foreach (var message in World.Messages)
                {
                    Console.WriteLine(message.Replace('\n', ' '));
                }
                World.Messages.Clear();
            }
            before = now;
            Thread.Sleep(2);
        }
    }

    static void AddMusic(GameObject host)
    {
        music = host.AddComponent<AdaptiveMusicController>();
        music.BeatsPerMinute = 240f;
        music.Sections = new MusicSection[4];
        for (var i = 0; i < 4; i++)
        {
            var quadrant = (Quadrant)(i + 1);
            music.Sections[i] = new MusicSection
            {
                Name = quadrant.ToString(),
                Quadrant = quadrant,
                Clip = new AudioClip(quadrant.ToString(), 4f),
            };
        }
        player = host.AddComponent<PlayerAffectSender>();
        player.Events = new[] { new PlayerEvent() };
    }

    static void ReadCommands()
    {
        string line;
        while ((line = Console.In.ReadLine()) != null)
        {
            lock (turn)
            {
                Obey(line.Split(' '));
            }
        }
        isOver = true;
    }

    static void Obey(string[] words)
    {
        var voice = client.Voice;
        switch (words[0])
        {
            case "make":
                voice.Request(Number(words[1]), Number(words[2]), Number(words[3]), Quantise.Bar);
                break;
            case "hit":
                player.Tell("hit");
                break;
            case "say":
                SayEverything(voice);
                break;
            case "counts":
                var board = client.Bridge.Board;
                Say("counts", board.Taken, board.Refused, board.Foreign, client.Bridge.Malformed);
                break;
            case "explain":
                var lines = new System.Collections.Generic.List<string>();
                Say("health", client.Explain(lines), string.Join(" | ", lines.ToArray()));
                break;
        }
    }

    /// <summary>Everything that there are words for, once.</summary>
    static void SayEverything(BridgeVoice voice)
    {
        voice.Affect(-0.5f, 2f, 0.75f, "game");
        voice.Emotion("angry", 0.5f);
        voice.Text("What a fight! \U0001F525");
        voice.HeartRate(92f);
        voice.Forget("game");
        voice.Acknowledge(3, Ack.Queued, 1.5);
        voice.Request(0.5f, 0.25f, 0.75f, Quantise.TwoBars);
        voice.Tempo(120f);
        voice.BeatAt(7f);
        voice.BarAt(1);
        voice.Playing(true);
        voice.Rename(Quadrant.Tense, "Kampf");
        voice.Train("Kampf");
        voice.UndoTraining();
        voice.Freeze(false);
        voice.Override(0.5f, -0.5f, 2f);
        voice.MarkSegment("intro");
        voice.Test("sweep");
        voice.Refresh();
    }

    static void PrintSignal(Signal signal)
    {
        var info = Signals.Of(signal);
        var line = "signal\t" + info.Name;
        for (var i = 0; i < info.Arguments.Length; i++)
        {
            line += "\t" + ValueOf(signal, i, info.Arguments[i].Type);
        }
        Console.WriteLine(line);
    }

    static string ValueOf(Signal signal, int argument, char type)
    {
        var board = client.Bridge.Board;
        switch (type)
        {
            case 's':
                return board.Text(signal, argument);
            case 'i':
                return board.Whole(signal, argument).ToString();
            default:
                return Text(board.Number(signal, argument));
        }
    }

    static void Say(string what, params object[] values)
    {
        var line = what.Replace(' ', '\t');
        foreach (var value in values)
        {
            line += "\t" + (value is float ? Text((float)value) : Convert.ToString(value, CultureInfo.InvariantCulture));
        }
        Console.WriteLine(line);
    }

    static string Text(float value)
    {
        return ((double)value).ToString("R", CultureInfo.InvariantCulture);
    }

    static float Number(string text)
    {
        return float.Parse(text, CultureInfo.InvariantCulture);
    }
}
