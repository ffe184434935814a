using UnityEngine;

namespace Oscbridge
{
    /// <summary>
    /// Hands what oscbridge says on to sound middleware; what is FMOD's or Wwise's own is in the
    /// adapter for it. Middleware quantises by itself, so a request is done when it is told.
    /// </summary>
    public abstract class MiddlewareAdapter : MonoBehaviour
    {
        [SerializeField] OscbridgeClient client = null;

        [Tooltip("Set intensity and label from requests, and acknowledge them, instead of from the heard music.")]
        [SerializeField] bool followRequests = false;

        OscbridgeClient heard;

        /// <summary>Show what changes all the time, but the intensity.</summary>
        protected abstract void ShowFeeling(AffectState state);

        /// <summary>Show an intensity of 0..1.</summary>
        protected abstract void ShowIntensity(float intensity);

        /// <summary>Show the user's word for a quadrant.</summary>
        protected abstract void ShowLabel(string label);

        /// <summary>A new section begins.</summary>
        protected virtual void ShowBoundary()
        {
        }

        protected void OnDisable()
        {
            Hear(null);
        }

        protected void Update()
        {
            Hear(client != null ? client : OscbridgeClient.Active);
            if (heard == null)
            {
                return;
            }
            ShowFeeling(heard.State);
            if (!followRequests)
            {
                ShowIntensity(heard.State.Intensity);
            }
        }

        void Hear(OscbridgeClient source)
        {
            if (ReferenceEquals(source, heard))
            {
                return;
            }
            if (!ReferenceEquals(heard, null))
            {
                heard.MusicRequested -= OnRequest;
                heard.QuadrantEntered -= OnQuadrant;
                heard.SegmentBoundary -= OnBoundary;
            }
            heard = source;
            if (source != null)
            {
                source.MusicRequested += OnRequest;
                source.QuadrantEntered += OnQuadrant;
                source.SegmentBoundary += OnBoundary;
            }
        }

        void OnQuadrant(QuadrantEntry entry)
        {
            if (!followRequests)
            {
                Label(entry.Label);
            }
        }

        void OnRequest(MusicRequest request)
        {
            if (!followRequests)
            {
                return;
            }
            ShowIntensity(request.Intensity);
            Label(request.Label);
            heard.Acknowledge(request.Id, Ack.Started);
            heard.Acknowledge(request.Id, Ack.Done);
        }

        void OnBoundary(SegmentBoundary boundary)
        {
            ShowBoundary();
        }

        void Label(string label)
        {
            if (!string.IsNullOrEmpty(label))
            {
                ShowLabel(label);
            }
        }
    }
}
