using System;

namespace UnityEngine
{
    public static class Mathf
    {
        public const float PI = 3.14159274f;

        public static float Abs(float value) { return Math.Abs(value); }
        public static float Exp(float power) { return (float)Math.Exp(power); }
        public static float Sqrt(float value) { return (float)Math.Sqrt(value); }
        public static float Cos(float angle) { return (float)Math.Cos(angle); }
        public static float Sin(float angle) { return (float)Math.Sin(angle); }
        public static float Log10(float value) { return (float)Math.Log10(value); }
        public static float Max(float a, float b) { return Math.Max(a, b); }
        public static int Max(int a, int b) { return Math.Max(a, b); }
        public static float Min(float a, float b) { return Math.Min(a, b); }
        public static int RoundToInt(float value) { return (int)Math.Round(value); }
        public static float Clamp(float value, float min, float max) { return Math.Min(Math.Max(value, min), max); }
        public static int Clamp(int value, int min, int max) { return Math.Min(Math.Max(value, min), max); }
        public static float Clamp01(float value) { return Clamp(value, 0f, 1f); }
    }

    public struct Vector2
    {
        public float x;
        public float y;

        public Vector2(float x, float y)
        {
            this.x = x;
            this.y = y;
        }
    }

    public struct Vector3
    {
        public float x;
        public float y;
        public float z;

        public Vector3(float x, float y, float z)
        {
            this.x = x;
            this.y = y;
            this.z = z;
        }

        public static Vector3 zero { get { return new Vector3(0f, 0f, 0f); } }
        public static Vector3 one { get { return new Vector3(1f, 1f, 1f); } }
        public float sqrMagnitude { get { return x * x + y * y + z * z; } }

        public static Vector3 operator +(Vector3 a, Vector3 b) { return new Vector3(a.x + b.x, a.y + b.y, a.z + b.z); }
        public static Vector3 operator *(Vector3 a, float b) { return new Vector3(a.x * b, a.y * b, a.z * b); }

        public static Vector3 MoveTowards(Vector3 from, Vector3 to, float most)
        {
            var way = to + from * -1f;
            var length = Mathf.Sqrt(way.sqrMagnitude);
            return length <= most || length == 0f ? to : from + way * (most / length);
        }
    }

    public struct Rect
    {
        public float x;
        public float y;
        public float width;
        public float height;

        public Rect(float x, float y, float width, float height)
        {
            this.x = x;
            this.y = y;
            this.width = width;
            this.height = height;
        }

        public float xMax { get { return x + width; } }
    }

    public struct Color
    {
        public float r;
        public float g;
        public float b;
        public float a;

        public Color(float r, float g, float b, float a = 1f)
        {
            this.r = r;
            this.g = g;
            this.b = b;
            this.a = a;
        }

        public static Color white { get { return new Color(1f, 1f, 1f); } }
        public static Color red { get { return new Color(1f, 0f, 0f); } }
        public static Color green { get { return new Color(0f, 1f, 0f); } }
        public static Color yellow { get { return new Color(1f, 0.92f, 0.016f); } }
        public static Color cyan { get { return new Color(0f, 1f, 1f); } }
        public static Color magenta { get { return new Color(1f, 0f, 1f); } }
    }

    public struct GradientColorKey
    {
        public Color color;
        public float time;

        public GradientColorKey(Color color, float time)
        {
            this.color = color;
            this.time = time;
        }
    }

    public struct GradientAlphaKey
    {
        public float alpha;
        public float time;

        public GradientAlphaKey(float alpha, float time)
        {
            this.alpha = alpha;
            this.time = time;
        }
    }

    /// <summary>Two colours and what lies between them.</summary>
    public class Gradient
    {
        GradientColorKey[] keys = { new GradientColorKey(Color.white, 0f), new GradientColorKey(Color.white, 1f) };

        public void SetKeys(GradientColorKey[] colorKeys, GradientAlphaKey[] alphaKeys)
        {
            keys = colorKeys;
        }

        public Color Evaluate(float time)
        {
            var low = keys[0].color;
            var high = keys[keys.Length - 1].color;
            return new Color(
                low.r + (high.r - low.r) * time, low.g + (high.g - low.g) * time, low.b + (high.b - low.b) * time);
        }
    }

    /// <summary>A straight line.</summary>
    public class AnimationCurve
    {
        float low;
        float high;

        public static AnimationCurve Linear(float timeStart, float valueStart, float timeEnd, float valueEnd)
        {
            return new AnimationCurve { low = valueStart, high = valueEnd };
        }

        public float Evaluate(float time)
        {
            return low + (high - low) * Mathf.Clamp01(time);
        }
    }
}
