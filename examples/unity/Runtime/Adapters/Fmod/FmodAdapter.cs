#if OSCBRIDGE_FMOD
using UnityEngine;

namespace Oscbridge
{
    /// <summary>
    /// What oscbridge says, as global parameters of FMOD Studio: continuous ones called Valence,
    /// Arousal (-1..1) and Intensity (0..1), and a labelled one called Mood with your words for the
    /// quadrants. A name that you leave empty is not set. Needs FMOD for Unity and the scripting
    /// define OSCBRIDGE_FMOD.
    /// </summary>
    [AddComponentMenu("oscbridge/FMOD Adapter")]
    public sealed class FmodAdapter : MonoBehaviour
    {
        [SerializeField] OscbridgeClient client = null;
        [SerializeField] string valenceParameter = "Valence";
        [SerializeField] string arousalParameter = "Arousal";
        [SerializeField] string intensityParameter = "Intensity";
        [SerializeField] string labelParameter = "Mood";

        [Tooltip("Set Intensity and Mood from requests, and acknowledge them, instead of from the heard music.")]
        [SerializeField] bool followRequests = false;

        OscbridgeClient heard;

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
            Set(valenceParameter, state.Valence);
            Set(arousalParameter, state.Arousal);
            if (!followRequests)
            {
                Set(intensityParameter, state.Intensity);
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
            }
            heard = source;
            if (source != null)
            {
                source.MusicRequested += OnRequest;
                source.QuadrantEntered += OnQuadrant;
            }
        }

        void OnQuadrant(QuadrantEntry entry)
        {
            if (!followRequests)
            {
                SetLabel(entry.Label);
            }
        }

        /// <summary>FMOD quantises by itself (transition regions); it is done when it is told.</summary>
        void OnRequest(MusicRequest request)
        {
            if (!followRequests)
            {
                return;
            }
            Set(intensityParameter, request.Intensity);
            SetLabel(request.Label);
            heard.Acknowledge(request.Id, Ack.Started);
            heard.Acknowledge(request.Id, Ack.Done);
        }

        static void Set(string parameter, float value)
        {
            if (!string.IsNullOrEmpty(parameter))
            {
                FMODUnity.RuntimeManager.StudioSystem.setParameterByName(parameter, value);
            }
        }

        void SetLabel(string label)
        {
            if (!string.IsNullOrEmpty(labelParameter) && !string.IsNullOrEmpty(label))
            {
                FMODUnity.RuntimeManager.StudioSystem.setParameterByNameWithLabel(labelParameter, label);
            }
        }
    }
}
#endif
