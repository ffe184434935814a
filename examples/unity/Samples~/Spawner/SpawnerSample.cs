using UnityEngine;

namespace Oscbridge.Samples
{
    /// <summary>
    /// Enemies that come where the music turns: one wave at each boundary, the clearer the turn the
    /// larger, red where the music is tense. Cubes from a pool, so that a wave makes no garbage. Add it
    /// to an empty object, start "oscbridge demo", press Play.
    /// </summary>
    [AddComponentMenu("oscbridge/Samples/Spawner")]
    public sealed class SpawnerSample : MonoBehaviour
    {
        const int PoolSize = 24;

        [SerializeField] float radius = 6f;
        [SerializeField] float speed = 1.5f;
        [SerializeField] int largestWave = 8;

        readonly Transform[] enemies = new Transform[PoolSize];
        OscbridgeClient client;
        int next;

        void Start()
        {
            client = OscbridgeClient.FindOrCreate();
            client.SegmentBoundary += OnBoundary;
            for (var i = 0; i < PoolSize; i++)
            {
                enemies[i] = GameObject.CreatePrimitive(PrimitiveType.Cube).transform;
                enemies[i].SetParent(transform, false);
                enemies[i].gameObject.SetActive(false);
            }
        }

        void OnDestroy()
        {
            if (client != null)
            {
                client.SegmentBoundary -= OnBoundary;
            }
        }

        void Update()
        {
            for (var i = 0; i < PoolSize; i++)
            {
                if (!enemies[i].gameObject.activeSelf)
                {
                    continue;
                }
                var place = enemies[i].localPosition;
                enemies[i].localPosition = Vector3.MoveTowards(place, Vector3.zero, speed * Time.deltaTime);
                if (place.sqrMagnitude < 0.01f)
                {
                    enemies[i].gameObject.SetActive(false);
                }
            }
        }

        void OnBoundary(SegmentBoundary boundary)
        {
            var wave = Mathf.Max(1, Mathf.RoundToInt(boundary.Strength * largestWave));
            var isTense = client.State.Quadrant == Quadrant.Tense;
            for (var i = 0; i < wave; i++)
            {
                var enemy = enemies[next];
                next = (next + 1) % PoolSize;
                var angle = Mathf.PI * 2f * i / wave;
                enemy.localPosition = new Vector3(Mathf.Cos(angle) * radius, 0.5f, Mathf.Sin(angle) * radius);
                enemy.GetComponent<Renderer>().material.color = isTense ? Color.red : Color.white;
                enemy.gameObject.SetActive(true);
            }
        }
    }
}
