using Cake.Core;

namespace Cake.Frosting;

/// <summary>The context that every task of one build shares.</summary>
public interface IFrostingContext : ICakeContext;

/// <summary>The base of a build's own context.</summary>
public class FrostingContext(ICakeContext context) : CakeContextAdapter(context), IFrostingContext;
