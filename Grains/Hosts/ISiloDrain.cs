namespace Streams.Grains.Hosts;

/// <summary>The drain of this silo.</summary>
public interface ISiloDrain
{
    /// <summary>Done when the silo was told to end and its drain, if there was one, is over.</summary>
    Task Over { get; }
}
