using System.Collections.Generic;
using System.Globalization;

namespace Oscbridge
{
    /// <summary>How it goes, for colours and icons.</summary>
    public enum LinkHealth
    {
        Good,
        Waiting,
        Bad,
    }

    /// <summary>Says in sentences how a connection is, and what to try where it is not.</summary>
    public static class LinkDiagnosis
    {
        /// <summary>Nothing for so long is worth a word.</summary>
        const double Patience = 3.0;

        /// <summary>Fill <paramref name="lines"/>: the first is the verdict, the others are reasons to check in order.</summary>
        public static LinkHealth Explain(Bridge bridge, BridgeSettings settings, double now, List<string> lines)
        {
            lines.Clear();
            if (!bridge.IsOpen)
            {
                return ExplainClosed(bridge, settings, lines);
            }
            if (bridge.Link.State == LinkState.Connected)
            {
                return ExplainConnected(bridge, lines);
            }
            var silence = bridge.Link.SilentFor(now);
            if (silence < Patience)
            {
                lines.Add("looking for oscbridge at " + settings.Host + ":" + bridge.Link.Port + " …");
                return LinkHealth.Waiting;
            }
            lines.Add(string.Format(CultureInfo.InvariantCulture, "no packet for {0:0} s", silence));
            ExplainSilence(bridge, settings, lines);
            return LinkHealth.Bad;
        }

        static LinkHealth ExplainClosed(Bridge bridge, BridgeSettings settings, List<string> lines)
        {
            if (bridge.Trouble.Length == 0)
            {
                lines.Add("the connection is closed");
                return LinkHealth.Waiting;
            }
            lines.Add(bridge.Trouble);
            if (settings.ReceivePort == 0)
            {
                lines.Add(settings.Subscribe ? "Is this device in a network? It is tried again every few seconds."
                    : "Is this device in a network? Once it is, let the client reconnect.");
                return LinkHealth.Bad;
            }
            lines.Add("Set Receive Port to 0: any free port will do, since oscbridge is told which.");
            lines.Add("Or give each program that listens on it a port of its own.");
            return LinkHealth.Bad;
        }

        static LinkHealth ExplainConnected(Bridge bridge, List<string> lines)
        {
            lines.Add(bridge.PacketsPerSecond + " packets a second from " + bridge.Sender);
            if (bridge.Link.RoundTrip >= 0.0)
            {
                lines.Add(string.Format(CultureInfo.InvariantCulture,
                    "an answer takes {0:0} ms, frames included", bridge.Link.RoundTrip * 1000.0));
            }
            var status = bridge.Status;
            lines.Add("oscbridge is " + ProtocolWords.BridgeState[(int)status.State] + ": " + status.Detail);
            if (bridge.Board.Count(Signal.Error) > 0)
            {
                lines.Add("It refused " + bridge.Board.Text(Signal.Error, 0) + ": "
                    + bridge.Board.Text(Signal.Error, 1));
            }
            ExplainOddities(bridge, lines);
            return LinkHealth.Good;
        }

        static void ExplainSilence(Bridge bridge, BridgeSettings settings, List<string> lines)
        {
            ExplainOddities(bridge, lines);
            if (!settings.Subscribe)
            {
                lines.Add("Subscribe is off: start  oscbridge run --to THIS-COMPUTER:" + bridge.LocalPort);
                return;
            }
            if (bridge.Refusals > 0)
            {
                lines.Add(settings.Host + " is there, and nobody listens on port " + settings.Port
                    + ": start  oscbridge demo  or  oscbridge run");
            }
            if (settings.Host == "127.0.0.1" || settings.Host == "localhost")
            {
                lines.Add("Is oscbridge running on this computer? Try  oscbridge demo  in a terminal.");
                lines.Add("A build on a phone or headset needs the computer's address as Host.");
                return;
            }
            lines.Add("Does oscbridge run there with --lan? Without it, it hears its own computer only.");
            lines.Add("Are both in the same network? Guest networks keep devices apart.");
            lines.Add("Does a firewall there let UDP port " + settings.Port + " in?");
            lines.Add("Android and Quest: Player Settings, Internet Access has to be Require.");
        }

        static void ExplainOddities(Bridge bridge, List<string> lines)
        {
            if (bridge.Board.Foreign > 0)
            {
                lines.Add(bridge.Board.Foreign + " messages have other addresses, such as "
                    + bridge.Board.FirstForeign + ": are Prefix and Stream those of oscbridge?");
            }
            if (bridge.Malformed > 0)
            {
                lines.Add(bridge.Malformed + " packets were no OSC: does something else send to this port?");
            }
            if (bridge.Board.Refused > 0)
            {
                lines.Add(bridge.Board.Refused + " messages had other arguments than the protocol says:"
                    + " is oscbridge newer or older than this package?");
            }
        }
    }
}
