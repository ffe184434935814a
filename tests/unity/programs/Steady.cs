using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Oscbridge;
using UnityEngine;

/// <summary>
/// A scene with every component, in steady state: each frame hears a few of the packets of a file (each
/// a length of four bytes and its bytes). Prints how often the garbage collector had to run in so many
/// frames. With --litter each frame also makes one small object, to show that it would be noticed.
/// </summary>
static class Steady
{
    const int WarmUpFrames = 3000;
    const int PacketsPerFrame = 6;

    static object litter;

    static int Main(string[] arguments)
    {
        var packets = Read(arguments[0]);
        var frames = int.Parse(arguments[1]);
        var litters = arguments.Length > 2 && arguments[2] == "--litter";
        using (var bridge = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            bridge.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var client = BuildScene(((IPEndPoint)bridge.LocalEndPoint).Port);
            bridge.Connect(new IPEndPoint(IPAddress.Loopback, client.Bridge.LocalPort));
            var next = Run(bridge, packets, WarmUpFrames, 0, false);
            var taken = client.Bridge.Board.Taken;
            GC.Collect();
            var collections = GC.CollectionCount(0);
            Run(bridge, packets, frames, next, litters);
            Console.WriteLine("collections " + (GC.CollectionCount(0) - collections));
            Console.WriteLine("taken " + (client.Bridge.Board.Taken - taken));
            Console.WriteLine("state " + client.Bridge.Link.State);
        }
        return litter == null || litters ? 0 : 1;
    }

    static OscbridgeClient BuildScene(int port)
    {
        var scene = new GameObject("scene");
        var client = scene.AddComponent<OscbridgeClient>();
        client.enabled = false;
        client.Port = port;
        client.enabled = true;
        for (var row = 0; row < Signals.Count; row++)
        {
            var binding = scene.AddComponent<AffectBinding>();
            binding.Slot = new SignalSlot(Signals.At(row).Signal);
            binding.Move(scene.AddComponent<Light>(), false);
        }
        var music = scene.AddComponent<AdaptiveMusicController>();
        music.Lead = MusicLead.HeardMusic;
        music.DwellSeconds = 1f;
        music.Sections = new[]
        {
            new MusicSection { Quadrant = Quadrant.Happy, Clip = new AudioClip("happy", 8f) },
            new MusicSection { Quadrant = Quadrant.Sad, Clip = new AudioClip("sad", 8f) },
        };
        music.Layers = new[] { new MusicLayer { Clip = new AudioClip("layer", 8f) } };
        scene.AddComponent<PlayerAffectSender>();
        return client;
    }

    static int Run(Socket bridge, byte[][] packets, int frames, int next, bool litters)
    {
        for (var frame = 0; frame < frames; frame++)
        {
            for (var i = 0; i < PacketsPerFrame; i++)
            {
                bridge.Send(packets[next]);
                next = (next + 1) % packets.Length;
            }
            World.Frame(1.0 / 60.0);
            World.Sources.Clear();
            if (litters)
            {
                litter = new object();
            }
        }
        return next;
    }

    static byte[][] Read(string path)
    {
        var data = File.ReadAllBytes(path);
        var packets = new System.Collections.Generic.List<byte[]>();
        for (var at = 0; at < data.Length;)
        {
            var packet = new byte[BitConverter.ToInt32(data, at)];
            Buffer.BlockCopy(data, at + 4, packet, 0, packet.Length);
            packets.Add(packet);
            at += 4 + packet.Length;
        }
        return packets.ToArray();
    }
}
