using System;
using System.Collections.Generic;
using System.Reflection;

namespace Oscbridge.Checks
{
    /// <summary>Something that should hold does not.</summary>
    public sealed class CheckFailed : Exception
    {
        public CheckFailed(string what)
            : base(what)
        {
        }
    }

    /// <summary>
    /// One thing that should hold: a public static method of a class whose name ends in "Checks". It
    /// returns where it holds, and throws where not. Unity's Test Runner and the tests of oscbridge run
    /// the same list.
    /// </summary>
    public sealed class Check
    {
        readonly MethodInfo method;

        Check(MethodInfo method)
        {
            this.method = method;
        }

        public string Name { get { return method.DeclaringType.Name + "." + method.Name; } }

        public void Run()
        {
            try
            {
                method.Invoke(null, null);
            }
            catch (TargetInvocationException wrapped)
            {
                throw new CheckFailed(wrapped.InnerException.ToString());
            }
        }

        public override string ToString()
        {
            return Name;
        }

        /// <summary>All checks of this assembly.</summary>
        public static List<Check> All()
        {
            return All(typeof(Check).Assembly);
        }

        public static List<Check> All(Assembly assembly)
        {
            var checks = new List<Check>();
            foreach (var type in assembly.GetTypes())
            {
                if (!type.Name.EndsWith("Checks", StringComparison.Ordinal))
                {
                    continue;
                }
                foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Static))
                {
                    if (method.ReturnType == typeof(void) && method.GetParameters().Length == 0)
                    {
                        checks.Add(new Check(method));
                    }
                }
            }
            return checks;
        }
    }

    /// <summary>What a check demands.</summary>
    public static class Demand
    {
        public static void That(bool holds, string what)
        {
            if (!holds)
            {
                throw new CheckFailed(what);
            }
        }

        public static void Equal<T>(T expected, T found, string what)
        {
            That(EqualityComparer<T>.Default.Equals(expected, found), what + ": " + found + ", not " + expected);
        }

        public static void Near(double expected, double found, double tolerance, string what)
        {
            That(Math.Abs(expected - found) <= tolerance,
                what + ": " + found + ", not " + expected + " within " + tolerance);
        }
    }
}
