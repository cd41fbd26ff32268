namespace Cake.Frosting;

/// <summary>The graph or the host is set up wrongly.</summary>
public sealed class FrostingException(string message) : Exception(message);
