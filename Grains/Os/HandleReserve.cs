using Microsoft.Win32.SafeHandles;

namespace Streams.Grains.Os;

/// <summary>
/// Spare file handles, released when this process runs short, so that hooks and operators can still connect. They are opened before anything
/// else and so have low numbers, which makes them usable even under a limit far below the number of open handles. Thread-safe.
/// </summary>
public static class HandleReserve
{
    /// <summary>The number of spare handles.</summary>
    public const int Size = 32;

    private static readonly Lock Access = new();
    private static readonly List<int> Held = [];
    private static bool _isAcquired;

    /// <summary>Whether the reserve has been released.</summary>
    public static bool IsReleased
    {
        get
        {
            lock (Access)
            {
                return _isAcquired && Held.Count == 0;
            }
        }
    }

    /// <summary>How many handles the reserve lacks.</summary>
    internal static int Missing
    {
        get
        {
            lock (Access)
            {
                return _isAcquired ? Size - Held.Count : 0;
            }
        }
    }

    /// <summary>Opens the missing handles, as far as the limit allows.</summary>
    public static void Acquire()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        lock (Access)
        {
            _isAcquired = true;
            using SafeFileHandle devNull = File.OpenHandle("/dev/null");
            while (Held.Count < Size && FileHandles.Duplicate((int)devNull.DangerousGetHandle()) is >= 0 and var number)
            {
                Held.Add(number);
            }
        }
    }

    /// <summary>Closes the spare handles. True when there were any.</summary>
    public static bool Release()
    {
        lock (Access)
        {
            bool had = Held.Count > 0;
            Held.RemoveAll(static number => FileHandles.Close(number) <= 0);
            return had;
        }
    }
}
