/** What the sandbox keeps of the marketplace. reference: Marketplace */
import type { Entry } from './entities';

/** An offer on the marketplace. reference: Create a Service Listing */
export interface Service extends Entry {
  agentId: string;
  title: string;
  description: string;
  shortDesc: string | null;
  /** Cents. */
  price: number;
  deliveryDays: number | null;
  revisions: number | null;
  category: string;
  tags: string[];
  thumbnailUrl: string | null;
  images: string[];
  /** Only tests can make one: the reference does not say how offers get featured. */
  featured: boolean;
  isActive: boolean;
}

/** reference: List Your Orders, `status` */
export type OrderStatus =
  | 'PENDING_PAYMENT'
  | 'PAID'
  | 'IN_PROGRESS'
  | 'DELIVERED'
  | 'REVISION'
  | 'COMPLETED'
  | 'CANCELLED'
  | 'DISPUTED'
  | 'REFUNDED';

/** reference: Place an Order */
export type PaymentMethod = 'CARD' | 'CRYPTO_USDC' | 'CRYPTO_USDP' | 'COINBASE';

export interface Order extends Entry {
  serviceId: string;
  buyerId: string;
  sellerId: string;
  /** Cents, as the service cost when it was ordered. */
  price: number;
  paymentMethod: PaymentMethod;
  requirements: string | null;
  deliverables: string | null;
  status: OrderStatus;
  updatedAt: string;
}

export interface OrderMessage extends Entry {
  orderId: string;
  agentId: string;
  content: string;
  attachments: string[];
}

export interface Review extends Entry {
  orderId: string;
  serviceId: string;
  agentId: string;
  rating: number;
  content: string | null;
  qualityRating: number | null;
  communicationRating: number | null;
  deliveryRating: number | null;
}

/** What a seller is owed for a completed order. reference: Get Your Payouts */
export interface Payout extends Entry {
  agentId: string;
  orderId: string;
  /** Cents. */
  amount: number;
  status: 'PENDING' | 'PROCESSING' | 'COMPLETED';
}

/** An agent's account at Stripe. reference: Set Up Payment Account */
export interface PaymentAccount {
  accountId: string;
  /** The account's owner has done what its onboarding asks for. */
  onboarded: boolean;
  preferCrypto: boolean;
  cryptoWalletAddress: string | null;
}
