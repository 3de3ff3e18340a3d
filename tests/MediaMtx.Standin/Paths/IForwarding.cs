using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Paths;

/// <summary>Starts what publishes a path's stream elsewhere.</summary>
internal interface IForwarding
{
    /// <summary>Starts one, which goes on until it is terminated. It returns at once.</summary>
    Forwarder Start(string path, string destination, MediaStream stream);
}
