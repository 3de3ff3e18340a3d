using Microsoft.Win32.SafeHandles;

namespace Streams.Grains.Machine;

/// <summary>
/// Handles that are open for nothing, and given up when this process runs short: connections of hooks and operators live by them. Opened before
/// anything else they have low numbers, so that they are worth something under a limit that is far below what is open. Safe for several threads.
/// </summary>
public static class HandleReserve
{
    /// <summary>How many there are.</summary>
    public const int Size = 32;

    private static readonly Lock Access = new();
    private static readonly List<int> Held = [];
    private static bool _isOurs;

    /// <summary>Whether it was given up.</summary>
    public static bool IsGivenUp
    {
        get
        {
            lock (Access)
            {
                return _isOurs && Held.Count == 0;
            }
        }
    }

    /// <summary>How many handles it lacks.</summary>
    internal static int Missing
    {
        get
        {
            lock (Access)
            {
                return _isOurs ? Size - Held.Count : 0;
            }
        }
    }

    /// <summary>Opens what is missing of it, as far as that is possible.</summary>
    public static void Acquire()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        lock (Access)
        {
            _isOurs = true;
            using SafeFileHandle nothing = File.OpenHandle("/dev/null");
            while (Held.Count < Size && FileHandles.Duplicate((int)nothing.DangerousGetHandle()) is >= 0 and var number)
            {
                Held.Add(number);
            }
        }
    }

    /// <summary>Gives it up. True when there was something to give up.</summary>
    public static bool GiveUp()
    {
        lock (Access)
        {
            bool had = Held.Count > 0;
            Held.RemoveAll(static number => FileHandles.Close(number) <= 0);
            return had;
        }
    }
}
