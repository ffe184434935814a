#if OSCBRIDGE_WWISE
using UnityEngine;
#if OSCBRIDGE_WWISE_BEFORE_2024
using SoundEngine = AkSoundEngine;
#else
using SoundEngine = AkUnitySoundEngine;
#endif

namespace Oscbridge
{
    /// <summary>
    /// What oscbridge says, as game syncs of Wwise: RTPCs (0..100, so that 50 is neutral), a state
    /// group with your words for the quadrants, a trigger at boundaries. A name that you leave empty
    /// is not set. Needs the Wwise integration and the scripting define OSCBRIDGE_WWISE; for Wwise
    /// before 2024.1 OSCBRIDGE_WWISE_BEFORE_2024 as well.
    /// </summary>
    [AddComponentMenu("oscbridge/Wwise Adapter")]
    public sealed class WwiseAdapter : MonoBehaviour
    {
        /// <summary>A change of less than this is not worth a call.</summary>
        const float DeadBand = 0.1f;

        [SerializeField] OscbridgeClient client = null;
        [SerializeField] string valenceRtpc = "Valence";
        [SerializeField] string arousalRtpc = "Arousal";
        [SerializeField] string intensityRtpc = "Intensity";
        [SerializeField] string stateGroup = "Music_State";
        [SerializeField] string boundaryTrigger = "";

        [Tooltip("Set the intensity and the state from requests, and acknowledge them, instead of from the heard music.")]
        [SerializeField] bool followRequests = false;

        OscbridgeClient heard;
        float valence = float.NaN;
        float arousal = float.NaN;
        float intensity = float.NaN;

        void OnDisable()
        {
            Hear(null);
        }

        void Update()
        {
            Hear(client != null ? client : OscbridgeClient.Active);
            if (heard == null)
            {
                return;
            }
            var state = heard.State;
            Set(valenceRtpc, state.NormValence, ref valence);
            Set(arousalRtpc, state.NormArousal, ref arousal);
            if (!followRequests)
            {
                Set(intensityRtpc, state.Intensity, ref intensity);
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
                SetState(entry.Label);
            }
        }

        /// <summary>Wwise quantises by itself (transition rules of the music switch); it is done when it is told.</summary>
        void OnRequest(MusicRequest request)
        {
            if (!followRequests)
            {
                return;
            }
            Set(intensityRtpc, request.Intensity, ref intensity);
            SetState(request.Label);
            heard.Acknowledge(request.Id, Ack.Started);
            heard.Acknowledge(request.Id, Ack.Done);
        }

        void OnBoundary(SegmentBoundary boundary)
        {
            if (!string.IsNullOrEmpty(boundaryTrigger))
            {
                SoundEngine.PostTrigger(boundaryTrigger, gameObject);
            }
        }

        static void Set(string rtpc, float share, ref float told)
        {
            var value = share * 100f;
            if (!string.IsNullOrEmpty(rtpc) && !(Mathf.Abs(value - told) < DeadBand))
            {
                told = value;
                SoundEngine.SetRTPCValue(rtpc, value);
            }
        }

        void SetState(string label)
        {
            if (!string.IsNullOrEmpty(stateGroup) && !string.IsNullOrEmpty(label))
            {
                SoundEngine.SetState(stateGroup, label);
            }
        }
    }
}
#endif
